import type { Bounds, HashText } from './text.ts';

export const ROUND_STATES = ['pending', 'certified', 'void'] as const;
/** `pending`: no certificate yet. `void`: it can no longer come, the round has no beacons. */
export type RoundState = (typeof ROUND_STATES)[number];

/** The time grid of a network, milliseconds. Slot, round and epoch 0 all start at `genesisMs`. */
export interface TimingView {
  readonly genesisMs: number;
  readonly slotMs: number;
  readonly roundMs: number;
  readonly epochMs: number;
  /** The epoch's cut is made this long after its end. */
  readonly epochGraceMs: number;
}

/** Numbers of resolution-9 cells. */
export interface HexCounts {
  readonly covered: number;
  readonly surveyedNotCovered: number;
}

/** `GET /api/v1/network`: what a visitor needs before anything else. */
export interface NetworkView {
  readonly networkId: string;
  readonly ruleSet: number;
  readonly ruleSetId: HashText;
  /** The oracle's clock when it answered; the browser's own may be wrong. */
  readonly serverTimeMs: number;
  readonly timing: TimingView;
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
