import type { Timing, Verdict } from '@sextant/firmware-bridge/protocol';
import { epochStartMs, roundStartMs } from '@sextant/firmware-bridge/protocol';
import { type RawBuilder, sql } from 'kysely';
import type { CoverageLink } from '../../core/epoch/result.ts';
import { outcomeCode, participantCode, reasonCode, subjectCode } from '../schema/codes.ts';
import { timestamp, unnest } from './unnest.ts';

const DAY_MS = 86_400_000;

/** What the time of an epoch's rows is taken from. */
export interface EpochTimes {
  readonly epoch: number;
  readonly timing: Timing;
}

/**
 * When the report of a verdict says it was sent or received: looked up among the reports of the days around the epoch, so that
 * a verdict is filed where its report is. A report without a time of its own has the start of its round, bounded.
 */
function located(incoming: RawBuilder<unknown>, { epoch, timing }: EpochTimes): RawBuilder<unknown> {
  const from = timestamp(epochStartMs(timing, epoch) - 4 * DAY_MS);
  const to = timestamp(epochStartMs(timing, epoch + 1) + DAY_MS);
  return sql`
    (SELECT incoming.*, coalesce(found.time, incoming.fallback) AS time, coalesce(found.at_ms, incoming.fallback_ms) AS at_ms
     FROM ${incoming} LEFT JOIN LATERAL (
       SELECT time, at_ms FROM sextant.reports
       WHERE report_id = incoming.report_id AND time >= ${from}::timestamptz AND time < ${to}::timestamptz
       ORDER BY time DESC LIMIT 1) AS found ON true)`;
}

const fallbackMs = ({ epoch, timing }: EpochTimes, round: number): number =>
  Math.min(
    Math.max(roundStartMs(timing, round), epochStartMs(timing, epoch) - 30 * DAY_MS),
    epochStartMs(timing, epoch + 1) + DAY_MS,
  );

/** Verdicts as rows with time, for `INSERT … SELECT`. */
export function verdictRows(times: EpochTimes, verdicts: readonly Verdict[]): RawBuilder<unknown> {
  const incoming = unnest(verdicts, {
    report_id: ['bytea', (row) => row.reportId],
    subject: ['smallint', (row) => subjectCode.number(row.subject)],
    reporter: ['bytea', (row) => row.reporter],
    sender: ['bytea', (row) => row.sender],
    round: ['bigint', (row) => row.round],
    outcome: ['smallint', (row) => outcomeCode.number(row.outcome)],
    reason: ['smallint', (row) => reasonCode.number(row.reason)],
    checks: ['jsonb', (row) => JSON.stringify(row.checks)],
    fallback: ['timestamptz', (row) => timestamp(fallbackMs(times, row.round))],
    fallback_ms: ['bigint', (row) => fallbackMs(times, row.round)],
  });
  return sql`
    SELECT time, report_id, ${times.epoch}::integer AS epoch, subject, reporter, sender, round, at_ms, outcome, reason, checks
    FROM ${located(incoming, times)} AS located ORDER BY report_id, time`;
}

/** Links as rows with time, for `INSERT … SELECT`. */
export function linkRows(times: EpochTimes, links: readonly CoverageLink[]): RawBuilder<unknown> {
  const incoming = unnest(links, {
    report_id: ['bytea', (row) => row.reportId],
    cell: ['bigint', (row) => row.cell],
    sender: ['bytea', (row) => row.sender],
    sender_kind: ['smallint', (row) => participantCode.number(row.senderKind)],
    witness: ['bytea', (row) => row.witness],
    round: ['bigint', (row) => row.round],
    esp_ddbm: ['smallint', (row) => row.espDdbm],
    snr_ddb: ['smallint', (row) => row.snrDdb],
    fallback: ['timestamptz', (row) => timestamp(fallbackMs(times, row.round))],
    fallback_ms: ['bigint', (row) => fallbackMs(times, row.round)],
  });
  return sql`
    SELECT time, report_id, ${times.epoch}::integer AS epoch, cell, sender, sender_kind, witness, round, esp_ddbm, snr_ddb
    FROM ${located(incoming, times)} AS located ORDER BY report_id, time`;
}

/** When the last survey report from `cell` in the epoch was sent; the epoch's start when none is known. A scalar subquery. */
export function lastSurveyed(cell: RawBuilder<unknown>, { epoch, timing }: EpochTimes): RawBuilder<unknown> {
  const start = timestamp(epochStartMs(timing, epoch));
  const end = timestamp(epochStartMs(timing, epoch + 1));
  return sql`
    (SELECT coalesce(max(time), ${start}::timestamptz) FROM sextant.reports
     WHERE cell = ${cell} AND time >= ${start}::timestamptz AND time < ${end}::timestamptz)`;
}
