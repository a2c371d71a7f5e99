import { type Kysely, sql, type Transaction } from 'kysely';
import { SCHEMA_NAME, type Schema, TIMED_TABLES, type TimedTable } from '../schema/schema.ts';

export const DAY_MS = 86_400_000;

/** Late reports come up to a few days after their time, and a day must be there before its first report. */
const DAYS_AROUND = 3;

/** True when the tables are native partitions; hypertables make their chunks by themselves. */
async function hasNativePartitions(db: Kysely<Schema>): Promise<boolean> {
  const { rows } = await sql<{ relkind: string }>`
    SELECT relkind::text FROM pg_class WHERE oid = 'sextant.reports'::regclass`.execute(db);
  return rows[0]?.relkind === 'p';
}

/**
 * Makes the partitions of the days around `nowMs` that are missing. Rows of those days that already wait in the default
 * partition move over. Returns how many partitions it made.
 */
export async function ensurePartitions(db: Kysely<Schema>, nowMs: number): Promise<number> {
  if (!(await hasNativePartitions(db))) return 0;
  const today = Math.floor(nowMs / DAY_MS);
  const existing = new Set(await listPartitions(db));
  const days = Array.from({ length: 2 * DAYS_AROUND + 1 }, (_, i) => today - DAYS_AROUND + i);
  const missing = TIMED_TABLES.flatMap((table) =>
    days.filter((day) => !existing.has(partitionName(table, day))).map((day) => ({ table, day })),
  );
  if (missing.length === 0) return 0;
  await db.transaction().execute(async (tx) => {
    await sql`SET LOCAL synchronous_commit = off`.execute(tx);
    await sql`SELECT pg_advisory_xact_lock(${PARTITION_LOCK})`.execute(tx);
    for (const { table, day } of missing) await makePartition(tx, table, day);
  });
  return missing.length;
}

/** Any number: partitions are made by one process at a time. */
const PARTITION_LOCK = 7_398_403;

async function makePartition(tx: Transaction<Schema>, table: TimedTable, day: number): Promise<void> {
  const name = partitionName(table, day);
  const { rows } = await sql<{
    there: boolean;
  }>`SELECT to_regclass(${`${SCHEMA_NAME}.${name}`}) IS NOT NULL AS there`.execute(tx);
  if (rows[0]?.there === true) return;
  const [parent, part, rest] = [table, name, `${table}_default`].map((each) => sql.id(SCHEMA_NAME, each));
  const from = sql.lit(new Date(day * DAY_MS).toISOString());
  const to = sql.lit(new Date((day + 1) * DAY_MS).toISOString());
  await sql`LOCK TABLE ${parent} IN SHARE ROW EXCLUSIVE MODE`.execute(tx);
  await sql`CREATE TABLE ${part} (LIKE ${parent} INCLUDING DEFAULTS)`.execute(tx);
  await sql`
    WITH moved AS (DELETE FROM ${rest} WHERE time >= ${from}::timestamptz AND time < ${to}::timestamptz RETURNING *)
    INSERT INTO ${part} SELECT * FROM moved`.execute(tx);
  await sql`ALTER TABLE ${parent} ATTACH PARTITION ${part} FOR VALUES FROM (${from}) TO (${to})`.execute(tx);
}

/** `reports_20260131`, the day in UTC. */
function partitionName(table: TimedTable, day: number): string {
  return `${table}_${new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '')}`;
}

async function listPartitions(db: Kysely<Schema>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT child.relname AS name FROM pg_inherits
    JOIN pg_class child ON child.oid = inhrelid
    WHERE inhparent = ANY(ARRAY['sextant.reports', 'sextant.verdicts', 'sextant.links']::regclass[])`.execute(db);
  return rows.map(({ name }) => name);
}

/** Deletes whole days (chunks or partitions) that ended before `horizonMs`. Returns the names of what went. */
export async function dropOldDays(db: Kysely<Schema>, horizonMs: number): Promise<readonly string[]> {
  const horizon = new Date(horizonMs).toISOString();
  const dropped: string[] = [];
  if (!(await hasNativePartitions(db))) {
    for (const table of TIMED_TABLES) {
      const { rows } = await sql<{ name: string }>`
        SELECT drop_chunks(${`${SCHEMA_NAME}.${table}`}::regclass, older_than => ${horizon}::timestamptz)::text AS name`.execute(
        db,
      );
      dropped.push(...rows.map(({ name }) => name));
    }
    return dropped;
  }
  const oldest = new Date(horizonMs).toISOString().slice(0, 10).replaceAll('-', '');
  for (const name of await listPartitions(db)) {
    const day = /_(\d{8})$/.exec(name)?.[1];
    if (day === undefined || day >= oldest) continue;
    await sql`DROP TABLE ${sql.id(SCHEMA_NAME, name)}`.execute(db);
    dropped.push(name);
  }
  for (const table of TIMED_TABLES) {
    await sql`DELETE FROM ${sql.id(SCHEMA_NAME, `${table}_default`)} WHERE time < ${horizon}::timestamptz`.execute(db);
  }
  return dropped;
}
