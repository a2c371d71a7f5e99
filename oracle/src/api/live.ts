import type { CoverageState } from '../core/epoch/result.ts';
import type { EpochListItem } from './epoch.ts';
import type { HotspotSummary } from './hotspot.ts';
import type { HexCounts, RoundState } from './network.ts';
import type { Boundary, CellText } from './text.ts';
import type { VerdictView } from './verdict.ts';

/** A hexagon (resolution 9) whose live coverage has changed. */
export interface LiveHex {
  readonly cell: CellText;
  readonly boundary: Boundary;
  readonly state: CoverageState;
  /** Tenths of dBm; absent when not covered. */
  readonly bestEspDdbm?: number;
  readonly links: number;
  readonly witnesses: number;
  readonly lastSeenMs: number;
  /** Of the whole network, after this change. */
  readonly hexes: HexCounts;
}

export interface LiveRound {
  readonly round: number;
  readonly epoch: number;
  readonly state: RoundState;
  readonly serverTimeMs: number;
  readonly hotspots: number;
  readonly hotspotsActive: number;
}

/**
 * `GET /api/v1/live`: server-sent events, named as the keys here, each with an `id`, data = JSON of the value, and a comment
 * line at least every 15 s. It begins with the latest verdicts, oldest first, at most 30, so that there is something to see at once;
 * with `Last-Event-ID` (or `?after=`) it begins with everything behind that event instead. When what came after it is no longer
 * kept, or the id is none of ours, the first event is `reset`: fetch everything again.
 */
export interface LiveEvents {
  readonly hex: LiveHex;
  readonly verdict: VerdictView;
  readonly hotspot: HotspotSummary;
  readonly epoch: EpochListItem;
  readonly round: LiveRound;
  readonly reset: Readonly<Record<string, never>>;
}
export type LiveEventName = keyof LiveEvents;
export const LIVE_EVENT_NAMES = [
  'hex',
  'verdict',
  'hotspot',
  'epoch',
  'round',
  'reset',
] as const satisfies readonly LiveEventName[];
