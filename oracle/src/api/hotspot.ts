import type { RegionPlanName } from '@sextant/firmware-bridge/protocol';
import type { RewardClass } from '../core/epoch/result.ts';
import type { AddressText, AmountText, Boundary, CellText } from './text.ts';
import type { Outcome, OutcomeCounts, ParticipantRef, Reason } from './verdict.ts';

export const HOTSPOT_STATUSES = ['active', 'silent', 'new'] as const;
/** `active`: a report of it reached the log within the last two rounds. `silent`: not so. `new`: never yet. */
export type HotspotStatus = (typeof HOTSPOT_STATUSES)[number];

/** `GET /api/v1/hotspots?bbox=w,s,e,n&limit&after`: a page of these, by id. Limit 1–1,000, default 200. */
export interface HotspotSummary extends ParticipantRef {
  /** The asserted cell, resolution 8–10: the only place that is public. */
  readonly cell: CellText;
  readonly boundary: Boundary;
  readonly status: HotspotStatus;
  /** Verdicts on its beacons and witness reports in the running and the last closed epoch. */
  readonly outcomes: OutcomeCounts;
  readonly lastReportMs?: number;
}

/** `GET /api/v1/hotspots/{id}`. */
export interface HotspotView extends HotspotSummary {
  readonly owner: AddressText;
  readonly assertion: {
    /** +1 with each assertion. */
    readonly number: number;
    /** The first round it is in force. */
    readonly firstRound: number;
    readonly antennaAglM: number;
    readonly altitudeMslM: number;
    /** Tenths of dBi. */
    readonly antennaGainDdbi: number;
    readonly regionPlan: RegionPlanName;
    readonly canTransmit: boolean;
  };
  readonly beacons: OutcomeCounts;
  readonly witnessReports: OutcomeCounts;
  /** What the newest closed epoch said about its place; absent where none has, as under rule set 1. */
  readonly location?: {
    readonly outcome: Outcome;
    readonly reason: Reason;
    /** In 1/10,000. */
    readonly trust: number;
  };
  /** Since genesis. */
  readonly paid: AmountText;
  /** Waiting for the first valid location verdict. */
  readonly held: AmountText;
}

/** One reason why it was paid. */
export interface RewardLineView {
  readonly rewardClass: RewardClass;
  /** Integer shares of the class before the split. */
  readonly shares: AmountText;
  readonly amount: AmountText;
  readonly held: boolean;
  /** Transmissions, receptions or cells the shares come from. */
  readonly count: number;
  /** Product of the density scales, in 1/10,000. */
  readonly densityScale: number;
  /** Whose account it was added to: the owner's, or the payout he named. Absent while it is held, and under rule set 1. */
  readonly paidTo?: AddressText;
}

/** `GET /api/v1/hotspots/{id}/rewards?limit`: a page of these, newest first. Epochs that paid nothing are in it. */
export interface HotspotRewardView {
  readonly epoch: number;
  /** Sum of the lines that are not held, and what was released. */
  readonly paid: AmountText;
  /** Sum of the lines that are. */
  readonly held: AmountText;
  /** Held by earlier epochs and paid in this one, because the place is proven; absent where nothing was. */
  readonly released?: { readonly amount: AmountText; readonly paidTo?: AddressText };
  readonly lines: readonly RewardLineView[];
}

/** `GET /api/v1/hotspots/{id}/footprint`: every cell it hears, live. */
export interface FootprintView {
  readonly hotspot: ParticipantRef;
  readonly cells: readonly {
    readonly cell: CellText;
    readonly boundary: Boundary;
    /** Tenths of dBm. */
    readonly bestEspDdbm: number;
    readonly links: number;
  }[];
}

export type { RewardClass };
