import type { Report } from '../protocol/index.ts';

export type ReportKind = Report['kind'];

export const REPORT_KINDS = [
  'beacon',
  'witness',
  'location_assertion',
  'survey',
  'successor',
  'gateway_status',
  'chain_anchor',
  'appeal',
] as const satisfies readonly ReportKind[];

/** Reports by kind; kinds without any are absent. */
export type KindCounts = { readonly [Kind in ReportKind]?: number };

/**
 * What became of every report since the outbox was made. Always, for each kind:
 * created = receipted + in the outbox + dead-lettered + dropped.
 */
export interface OutboxTotals {
  readonly created: KindCounts;
  readonly receipted: KindCounts;
  readonly deadLettered: KindCounts;
  readonly dropped: KindCounts;
}

export const NO_TOTALS: OutboxTotals = { created: {}, receipted: {}, deadLettered: {}, dropped: {} };

export function addCounts(a: KindCounts, b: KindCounts): KindCounts {
  const sum: { [Kind in ReportKind]?: number } = { ...a };
  for (const kind of REPORT_KINDS) {
    const more = b[kind] ?? 0;
    if (more !== 0) sum[kind] = (sum[kind] ?? 0) + more;
  }
  return sum;
}

export const sumOf = (counts: KindCounts): number =>
  REPORT_KINDS.reduce((total, kind) => total + (counts[kind] ?? 0), 0);

/** Reports that are neither receipted nor dead-lettered nor dropped. */
export const outstanding = (totals: OutboxTotals): number =>
  sumOf(totals.created) - sumOf(totals.receipted) - sumOf(totals.deadLettered) - sumOf(totals.dropped);

export function countKinds(reports: readonly Report[]): KindCounts {
  let counts: KindCounts = {};
  for (const { kind } of reports) counts = addCounts(counts, { [kind]: 1 });
  return counts;
}
