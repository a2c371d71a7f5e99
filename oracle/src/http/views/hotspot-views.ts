import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import type { Bounds, HotspotRewardView, HotspotSummary, HotspotView, OutcomeCounts, Page } from '../../api/index.ts';
import {
  countOutcomes,
  findHotspot,
  findLocation,
  type HotspotRow,
  listHotspots,
  listOutcomes,
  listRewards,
  sumRewards,
} from '../../store/index.ts';
import { cellBoundary } from '../tiles/index.ts';
import { coverBox, mayTouch, toBox } from './box-cover.ts';
import { activeSinceMs, epochNow, nameOf, participantRef, roundNow, type ViewContext } from './view-context.ts';

export interface HotspotPageRequest {
  readonly bounds?: Bounds;
  readonly limit: number;
  /** Key of the last one of the page before. */
  readonly after?: Uint8Array;
}

/** Hotspots with an assertion in force, by key; with bounds those whose hexagon may touch them. */
export async function readHotspotPage(context: ViewContext, page: HotspotPageRequest): Promise<Page<HotspotSummary>> {
  const { bounds, limit } = page;
  const box = bounds === undefined ? undefined : toBox(bounds);
  const within = box === undefined ? undefined : coverBox(box);
  const found: HotspotRow[] = [];
  let after = page.after;
  let isLast = false;
  while (found.length <= limit && !isLast) {
    const rows = await listHotspots(context.db, {
      round: roundNow(context),
      limit: limit + 1,
      ...(within === undefined ? {} : { within }),
      ...(after === undefined ? {} : { after }),
    });
    isLast = rows.length <= limit;
    after = rows.at(-1)?.key;
    for (const row of rows) if (box === undefined || mayTouch(row.assertion.cell, box)) found.push(row);
  }
  const rows = found.slice(0, limit);
  const items = await toSummaries(context, rows);
  const last = items.at(-1);
  return { items, ...(found.length > limit && last !== undefined ? { next: last.id } : {}) };
}

/** Those of the keys that are hotspots with an assertion in force. */
export async function readHotspots(context: ViewContext, keys: readonly Uint8Array[]): Promise<HotspotSummary[]> {
  if (keys.length === 0) return [];
  const rows = await listHotspots(context.db, { round: roundNow(context), keys, limit: keys.length });
  return toSummaries(context, rows);
}

/** Verdicts of the running and the last closed epoch are counted. */
const SHOWN_EPOCHS = 1;

async function toSummaries(context: ViewContext, rows: readonly HotspotRow[]): Promise<HotspotSummary[]> {
  const fromEpoch = epochNow(context) - SHOWN_EPOCHS;
  const keys = rows.map(({ key }) => key);
  const counted = await listOutcomes(context.db, keys, fromEpoch, ['beacon', 'witness']);
  const byKey = new Map(counted.map(({ key, outcomes }) => [nameOf(key), outcomes]));
  return rows.map((row) => toSummary(context, row, byKey.get(nameOf(row.key)) ?? NO_OUTCOMES));
}

const NO_OUTCOMES: OutcomeCounts = { valid: 0, invalid: 0, insufficient: 0 };

function toSummary(context: ViewContext, row: HotspotRow, outcomes: OutcomeCounts): HotspotSummary {
  const { key, assertion, activity } = row;
  const isActive = activity !== undefined && activity.lastReportMs >= activeSinceMs(context);
  return {
    ...participantRef(context, key, 'hotspot'),
    cell: assertion.cell.toString(16),
    boundary: cellBoundary(assertion.cell),
    status: activity === undefined ? 'new' : isActive ? 'active' : 'silent',
    outcomes,
    ...(activity === undefined ? {} : { lastReportMs: activity.lastReportMs }),
  };
}

const sum = (a: OutcomeCounts, b: OutcomeCounts): OutcomeCounts => ({
  valid: a.valid + b.valid,
  invalid: a.invalid + b.invalid,
  insufficient: a.insufficient + b.insufficient,
});

/** Undefined when it has no assertion in force. */
export async function readHotspot(context: ViewContext, key: Uint8Array): Promise<HotspotView | undefined> {
  const row = await findHotspot(context.db, key, roundNow(context));
  if (row === undefined) return undefined;
  const recent = await countOutcomes(context.db, key, epochNow(context) - SHOWN_EPOCHS);
  const all = await countOutcomes(context.db, key, 0);
  const location = await findLocation(context.db, key);
  const { paid, held } = await sumRewards(context.db, key);
  const { number, effectiveRound, antennaAglM, altitudeMslM, antennaGainDdbi, regionPlan, canTransmit } = row.assertion;
  return {
    ...toSummary(context, row, sum(recent.beacon, recent.witness)),
    owner: `0x${bytesToHex(row.owner)}`,
    assertion: {
      number,
      firstRound: effectiveRound,
      antennaAglM,
      altitudeMslM,
      antennaGainDdbi,
      regionPlan,
      canTransmit,
    },
    beacons: all.beacon,
    witnessReports: all.witness,
    ...(location === undefined
      ? {}
      : { location: { outcome: location.outcome, reason: location.reason, trust: location.trust } }),
    paid: String(paid),
    held: String(held),
  };
}

const payee = (paidTo: Uint8Array | undefined) => (paidTo === undefined ? {} : { paidTo: `0x${bytesToHex(paidTo)}` });

/** What closed epochs paid a key, newest first. */
export async function readRewards(
  context: ViewContext,
  page: { readonly key: Uint8Array; readonly before?: number; readonly limit: number },
): Promise<Page<HotspotRewardView>> {
  const rows = await listRewards(context.db, { ...page, limit: page.limit + 1 });
  const items = rows.slice(0, page.limit).map(({ epoch, lines, release }) => {
    const total = (held: boolean): bigint =>
      lines.reduce((sumSoFar, line) => (line.held === held ? sumSoFar + line.amount : sumSoFar), 0n);
    return {
      epoch,
      paid: String(total(false) + (release?.amount ?? 0n)),
      held: String(total(true)),
      ...(release === undefined ? {} : { released: { amount: String(release.amount), ...payee(release.paidTo) } }),
      lines: lines.map(({ rewardClass, shares, amount, held, count, densityScale, paidTo }) => ({
        rewardClass,
        shares: String(shares),
        amount: String(amount),
        held,
        count,
        densityScale,
        ...payee(paidTo),
      })),
    };
  });
  const last = items.at(-1);
  return { items, ...(rows.length > page.limit && last !== undefined ? { next: String(last.epoch) } : {}) };
}
