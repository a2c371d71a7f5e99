import type { ParticipantKind } from '@sextant/firmware-bridge/protocol';
import type { RewardClass } from '../core/epoch/result.ts';
import type { AddressText, AmountText } from './text.ts';

/** `GET /api/v1/owners/{address}?claimed=`: what an owner has earned, and how much of it beyond what was claimed. */
export interface OwnerView {
  readonly owner: AddressText;
  /** Hotspots, survey devices and validators that are his. */
  readonly participants: number;
  /** The newest closed epoch; absent before the first has closed. */
  readonly epoch?: number;
  /** Since genesis, up to that epoch. */
  readonly earned: AmountText;
  /** Of it beyond `claimed`. */
  readonly unclaimed: AmountText;
  /** The first epoch that paid a part of `unclaimed`; absent when nothing is unclaimed. */
  readonly fromEpoch?: number;
}

/** `validator`: earns by signing rounds. */
export type EarnerKind = ParticipantKind | 'validator';

/** What one class paid a key in a range of epochs. */
export interface OwnerRewardLine {
  readonly rewardClass: RewardClass;
  readonly amount: AmountText;
  /** Earned before the place was proven: what became of it, `released` and `held` of the key say. */
  readonly held: boolean;
  /** Epochs that paid it. */
  readonly epochs: number;
  /** Rounds, beacons, receptions or cells the shares come from. */
  readonly count: number;
}

/** `GET /api/v1/owners/{address}/rewards?from&to&limit&after`: a page of these, by key. Limit 1–200, default 50. */
export interface OwnerRewardView {
  /** `hs1…`, `sv1…` or `val1…`. */
  readonly id: string;
  readonly name: string;
  readonly kind: EarnerKind;
  /** Of the lines that are not held, and what was released. */
  readonly paid: AmountText;
  /** What still waits for a proven place after these epochs. */
  readonly held: AmountText;
  /** Held in earlier epochs and paid in these; absent where nothing was. */
  readonly released?: AmountText;
  /** By class. */
  readonly lines: readonly OwnerRewardLine[];
}
