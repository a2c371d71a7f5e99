import { bytesToHex, hexToBytes, unixMs } from '@sextant/firmware-bridge/protocol';
import type { OutcomeCounts, Page, VerdictView } from '../../api/index.ts';
import { findVerdicts, listHeardBy, listVerdicts, type VerdictCursor, type VerdictRow } from '../../store/index.ts';
import { nameOf, participantRef, type ViewContext } from './view-context.ts';

/** Verdicts on what a key reported, newest first. */
export async function readVerdictPage(
  context: ViewContext,
  page: { readonly key: Uint8Array; readonly before?: VerdictCursor; readonly limit: number },
): Promise<Page<VerdictView>> {
  const rows = await listVerdicts(context.db, { ...page, role: 'reporter', limit: page.limit + 1 });
  const shown = rows.slice(0, page.limit);
  const items = await toVerdicts(context, shown);
  const last = shown.at(-1);
  return { items, ...(rows.length > page.limit && last !== undefined ? { next: formatCursor(last.cursor) } : {}) };
}

/** Those of the reports that are judged. */
export async function readVerdicts(context: ViewContext, reportIds: readonly Uint8Array[]): Promise<VerdictView[]> {
  return reportIds.length === 0 ? [] : toVerdicts(context, await findVerdicts(context.db, reportIds));
}

async function toVerdicts(context: ViewContext, rows: readonly VerdictRow[]): Promise<VerdictView[]> {
  const heardBy = await countListeners(context, rows);
  return rows.map((row) => toVerdict(context, row, heardBy.get(transmissionName(row.reporter, row.round))));
}

const transmissionName = (sender: Uint8Array, round: number): string => `${nameOf(sender)} ${round}`;

/** One beacon a hotspot and round: that names it. Survey devices send more often, and are left out. */
async function countListeners(
  context: ViewContext,
  rows: readonly VerdictRow[],
): Promise<ReadonlyMap<string, OutcomeCounts>> {
  const beacons = rows.filter(({ subject }) => subject === 'beacon');
  if (beacons.length === 0) return new Map();
  const counts = await listHeardBy(
    context.db,
    [...new Map(beacons.map(({ reporter }) => [nameOf(reporter), reporter])).values()],
    [...new Set(beacons.map(({ round }) => round))],
  );
  return new Map(counts.map(({ sender, round, outcomes }) => [transmissionName(sender, round), outcomes]));
}

function toVerdict(context: ViewContext, row: VerdictRow, heardBy: OutcomeCounts | undefined): VerdictView {
  const { subject, sender, link } = row;
  const distanceM = subject === 'witness' ? distanceOf(row) : undefined;
  return {
    reportId: bytesToHex(row.reportId),
    subject,
    outcome: row.outcome,
    reason: row.reason,
    checks: row.checks,
    reporter: participantRef(context, row.reporter, subject === 'survey' ? 'survey_device' : undefined),
    ...(sender === undefined ? {} : { sender: participantRef(context, sender) }),
    round: row.round,
    epoch: row.epoch,
    final: row.final,
    atMs: row.atMs,
    ...(subject === 'beacon' ? { heardBy: heardBy ?? { valid: 0, invalid: 0, insufficient: 0 } } : {}),
    ...(link === undefined ? {} : { espDdbm: link.espDdbm }),
    ...(distanceM === undefined ? {} : { distanceM }),
  };
}

/** The check that compares it says it. */
const DISTANCE_CHECK = 'far_enough';

const distanceOf = ({ checks }: VerdictRow): number | undefined =>
  checks.find(({ check }) => check === DISTANCE_CHECK)?.observed;

/** Time and report id: `1767225600000-` and 64 hex digits. */
const formatCursor = ({ timeMs, reportId }: VerdictCursor): string => `${timeMs}-${bytesToHex(reportId)}`;

export const CURSOR = /^\d{1,13}-[0-9a-f]{64}$/;

/** A text that matches `CURSOR`. */
export function parseCursor(text: string): VerdictCursor {
  const [timeMs = '', reportId = ''] = text.split('-');
  return { timeMs: unixMs(Number(timeMs)), reportId: hexToBytes(reportId) };
}
