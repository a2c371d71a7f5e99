import type { AccusationCode, Check, Outcome, Ruling } from '@sextant/firmware-bridge/protocol';
import { divideRounded } from '../numeric/integers.ts';

/** A whole trust, weight or count of one witness: trust is counted in 1/10,000. */
export const FULL_TRUST = 10_000;

/** Everything rule set 2 judges places by: what the window holds, in canonical order. Radios are named by their place in `radios`. */
export interface NetworkEvidence {
  readonly epoch: number;
  /** By key. */
  readonly radios: readonly Radio[];
  /** By sender, sender's cell, receiver. */
  readonly links: readonly LinkStatistic[];
  /** What the newest parts of the window hold, each judged alone as well, the shortest first; absent for none. */
  readonly recent?: readonly RecentEvidence[];
  /** Of the epochs before, one a radio with the same index; `INITIAL_STANDING` for a new one. */
  readonly standings: readonly Standing[];
}

/** A part of the window. */
export interface RecentEvidence {
  readonly links: readonly LinkStatistic[];
  /** One a radio. */
  readonly activity: readonly Pick<Radio, 'transmissions' | 'onlineRounds'>[];
}

export interface Radio {
  readonly key: Uint8Array;
  readonly kind: 'hotspot' | 'survey_device';
  /** Equal numbers are one owner. */
  readonly owner: number;
  /** The asserted cell; a survey device has none. */
  readonly cell?: bigint;
  /** Of the antenna, above the sea. */
  readonly altitudeM?: number;
  /** As declared; absent counts as 0. */
  readonly antennaGainDdbi?: number;
  /** A grant by M validators is in force: an audited hotspot, or a survey device. */
  readonly anchor: boolean;
  /** The epoch in which the history of this place began. */
  readonly fromEpoch: number;
  /** Valid ones in the window. */
  readonly transmissions: number;
  /** Rounds of the window in which it proved to listen. */
  readonly onlineRounds: number;
}

/** One directed link over the window: the valid receptions of `sender` by `receiver`. */
export interface LinkStatistic {
  readonly sender: number;
  readonly receiver: number;
  /** A hotspot's asserted cell, or the cell a survey device sent from. */
  readonly senderCell: bigint;
  readonly count: number;
  /** Σ (EIRP − signal power), ddB: it does not depend on any place. */
  readonly sumLossDdb: number;
  /** Σ of its squares, ddB². */
  readonly sumSquaredLoss: number;
  /** X = the secret EIRP, Y = the signal power the receiver reported, both ddBm. */
  readonly steps: { readonly sumX: number; readonly sumXX: number; readonly sumY: number; readonly sumXY: number };
  /** Σ by how much the receiver's clock was beyond the sender's and the time on air, ms. */
  readonly sumDelayMs: number;
  readonly firstEpoch: number;
  readonly lastEpoch: number;
}

/** By how much the receiver's clock was later than the sender's and the time on air, on average, ms. */
export function meanDelayMs({ count, sumDelayMs }: Pick<LinkStatistic, 'count' | 'sumDelayMs'>): number {
  return divideRounded(sumDelayMs, count);
}

/** What an epoch leaves for the next about one radio. */
export interface Standing {
  /** How much better than the model it hears, ddB; absent while it has too few links to tell. */
  readonly interceptDdb?: number;
  /** The last verdict on this place; absent when there was none. */
  readonly location?: Outcome;
  /** Present while the evidence speaks against the place. */
  readonly doubt?: Doubt;
  /** In 1/10,000. */
  readonly trust: number;
  readonly accusations: readonly StandingAccusation[];
  readonly grace: Grace;
  /** Of the last 90 days, oldest first; absent for none. */
  readonly moves?: readonly Move[];
}

export interface Doubt {
  /** The place was valid when the doubt began. */
  readonly ofProven: boolean;
  /** Epochs that count: each had an independent witness that was new since the last. */
  readonly epochs: number;
  /** Keys of the independent witnesses seen so far, ascending. */
  readonly witnesses: readonly Uint8Array[];
}

/** What is held against a radio and has not decayed yet. A mere suspicion until three epochs have borne it out. */
export interface StandingAccusation {
  readonly code: AccusationCode;
  /** The last epoch whose evidence bore it out. */
  readonly epoch: number;
  /** Epochs that bore it out so far. */
  readonly epochs: number;
  /** Of that last epoch. */
  readonly checks: readonly Check[];
  readonly appeal?: StandingAppeal;
}

/** The owner has appealed; `ruling` is there once M validators have said the same. */
export interface StandingAppeal {
  /** The epoch in which the appeal counted. */
  readonly epoch: number;
  /** Ascending by validator. */
  readonly reviews: readonly { readonly validator: number; readonly ruling: Ruling }[];
  readonly ruling?: { readonly ruling: Ruling; readonly epoch: number };
}

/** How far a hotspot moved in an epoch. */
export interface Move {
  readonly epoch: number;
  readonly distanceM: number;
}

/** The half pay of a place that is not proven yet: once a key, whatever becomes of its place. */
export interface Grace {
  /** Epochs of it that are used up. */
  readonly epochs: number;
  /** Base units held until the first valid verdict. */
  readonly held: bigint;
  /** The first valid verdict has come, or the grace has run out: nothing is held any more. */
  readonly over: boolean;
}

/** Of a radio nothing is known about. */
export const INITIAL_STANDING: Standing = Object.freeze({
  trust: 0,
  accusations: [],
  grace: Object.freeze({ epochs: 0, held: 0n, over: false }),
});

/** Its place is known: its last verdict was valid, or validators have been to look. */
export function isProven({ anchor }: Pick<Radio, 'anchor'>, { location }: Pick<Standing, 'location'>): boolean {
  return anchor || location === 'valid';
}
