import { type UnixMs, unixMs } from '@sextant/firmware-bridge/protocol';
import { type Kysely, sql } from 'kysely';
import { timestamp, unnest } from '../projector/unnest.ts';
import type { Schema } from '../schema/schema.ts';

const HOUR_MS = 3_600_000;

/** Adds what intake refused, by reason, to the hour of `atMs`. These are not in the log: they are gone when the database is. */
export async function addRefusals(
  db: Kysely<Schema>,
  counts: Readonly<Record<string, number>>,
  atMs: number,
): Promise<void> {
  const rows = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (rows.length === 0) return;
  const incoming = unnest(rows, { reason: ['text', ([reason]) => reason], count: ['bigint', ([, count]) => count] });
  const hour = timestamp(Math.floor(atMs / HOUR_MS) * HOUR_MS);
  await sql`
    INSERT INTO sextant.refusals AS known (hour, reason, count)
    SELECT ${hour}::timestamptz, reason, count FROM ${incoming}
    ON CONFLICT (hour, reason) DO UPDATE SET count = known.count + excluded.count`.execute(db);
}

/** Refusals by hour and reason since `sinceMs`, oldest first. */
export async function listRefusals(
  db: Kysely<Schema>,
  sinceMs: number,
): Promise<{ readonly hourMs: UnixMs; readonly reason: string; readonly count: number }[]> {
  const { rows } = await sql<{ hour: number; reason: string; count: bigint }>`
    SELECT hour, reason, count FROM sextant.refusals WHERE hour >= ${timestamp(sinceMs)}::timestamptz
    ORDER BY hour, reason`.execute(db);
  return rows.map(({ hour, reason, count }) => ({ hourMs: unixMs(hour), reason, count: Number(count) }));
}
