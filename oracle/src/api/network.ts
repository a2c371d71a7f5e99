import type { AddressText, Bounds, HashText } from './text.ts';

export const ROUND_STATES = ['pending', 'certified', 'void'] as const;
/** `pending`: no certificate yet. `void`: it can no longer come, the round has no beacons. */
export type RoundState = (typeof ROUND_STATES)[number];

/** The time grid of a network, milliseconds. Slot, round and epoch 0 all start at `genesisMs`. */
export interface TimingView {
  readonly genesisMs: number;
  readonly slotMs: number;
  readonly roundMs: number;
  readonly epochMs: number;
  /** W: how far an honest clock may be off. */
  readonly clockMarginMs: number;
  /** The epoch's cut is made this long after its end. */
  readonly epochGraceMs: number;
}

/** Numbers of resolution-9 cells. */
export interface HexCounts {
  readonly covered: number;
  readonly surveyedNotCovered: number;
}

/** A validator as the genesis entry names it, and where bridges reach it. */
export interface ValidatorView {
  /** `val1…`: its log key. */
  readonly id: string;
  /** Origin of its log's checkpoints, which is also the name of the key that signs them. */
  readonly origin: string;
  readonly chainAnchor: HashText;
  readonly firstRound: number;
  readonly owner: AddressText;
  /** `mqtt://host:port` or, anywhere but on loopback, `mqtts://host:port`. */
  readonly brokerUrl: string;
  /** Its broker cannot judge a login token: bring the token to `POST /api/v1/broker/session` before each login. */
  readonly needsBrokerSession: boolean;
}

/** `GET /api/v1/network`: what a visitor, and a bridge at `init`, needs before anything else. */
export interface NetworkView {
  readonly networkId: string;
  readonly ruleSet: number;
  readonly ruleSetId: HashText;
  /** The oracle's clock when it answered; the browser's own may be wrong. */
  readonly serverTimeMs: number;
  readonly timing: TimingView;
  /** In the order of the genesis entry. */
  readonly validators: readonly ValidatorView[];
  readonly round: { readonly index: number; readonly state: RoundState };
  /** The running epoch. */
  readonly epoch: number;
  /** The last closed one; absent before the first has closed. */
  readonly latestClosedEpoch?: number;
  /** With an assertion in force. */
  readonly hotspots: number;
  /** Of them: heard from within the last two rounds. */
  readonly hotspotsActive: number;
  readonly surveyDevices: number;
  /** What the live tiles show. */
  readonly hexes: HexCounts;
  /** Box around all hotspots and hexes; absent while there are none. */
  readonly bounds?: Bounds;
}
