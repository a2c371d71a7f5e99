import { decodeReport, type Report } from '@sextant/firmware-bridge/protocol';
import type { EpochFacts } from '../facts/epoch-facts.ts';

/** A report of the facts, decoded again. The row's kind is known, and its encoding is our own. */
export function reportIn<K extends Report['kind']>(
  facts: Pick<EpochFacts, 'reports'>,
  row: number,
  ...kinds: readonly K[]
): Extract<Report, { kind: K }> {
  const decoded = decodeReport(facts.reports.encodedOf(row));
  if (!decoded.ok) throw new Error(`row ${row} holds no report: ${decoded.reason} ${decoded.field}`);
  const report: Report = decoded.value;
  if (!(kinds as readonly Report['kind'][]).includes(report.kind)) throw new Error(`row ${row} is a ${report.kind}`);
  return report as Extract<Report, { kind: K }>;
}
