import type { Reason } from '@sextant/firmware-bridge/protocol';
import type { RewardClass, RootName } from '../core/epoch/result.ts';
import type { HexCounts } from './network.ts';
import type { AddressText, AmountText, HashText } from './text.ts';
import type { OutcomeCounts } from './verdict.ts';

/** `GET /api/v1/epochs?before&limit`: a page of closed epochs, newest first. Limit 1–200, default 50. */
export interface EpochListItem {
  readonly epoch: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly ruleSet: number;
  /** Paid and held for this epoch. */
  readonly total: AmountText;
  /** Nobody earned it. */
  readonly unminted: AmountText;
  readonly hotspotsPaid: number;
  readonly hexes: HexCounts;
  readonly outcomes: OutcomeCounts;
  readonly roots: Readonly<Record<RootName, HashText>>;
  readonly summaryHash: HashText;
}

/** `GET /api/v1/epochs/{n}`. */
export interface EpochView extends EpochListItem {
  readonly attempt: number;
  readonly ruleSetId: HashText;
  readonly coreVersion: string;
  readonly cut: readonly { readonly origin: string; readonly size: number; readonly root: HashText }[];
  /** Up to where the registry of a chain was read: owners are who it says there. Absent where none was. */
  readonly registry?: {
    readonly chainId: number;
    readonly registry: AddressText;
    readonly block: number;
    readonly hash: HashText;
  };
  /** Rounds of the epoch without entropy. */
  readonly voidRounds: readonly number[];
  /** Refusals and their number; a reason that did not occur is absent, `none` is never in it. */
  readonly byReason: Readonly<Partial<Record<Reason, number>>>;
  /** Of the total: waits until the places of those who earned it are proven. */
  readonly held: AmountText;
  readonly byClass: Readonly<Record<RewardClass, AmountText>>;
  readonly previous?: HashText;
}

export type { RootName };
