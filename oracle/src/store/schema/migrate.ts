import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import type { DatabaseCapabilities } from '../database/capabilities.ts';
import { createFirstTables } from './0001-first-tables.ts';
import { createLocations } from './0002-locations.ts';
import { createGrace } from './0003-grace.ts';
import { addPayees } from './0004-payees.ts';
import { createOwnerIndex } from './0005-owner-index.ts';
import { addAreaLaws } from './0006-area-laws.ts';
import { SCHEMA_NAME, type Schema, TABLE_NAMES } from './schema.ts';

/** Forward only, in the order of their names; each runs once, all of them in one transaction. */
const MIGRATIONS = {
  '0001-first-tables': createFirstTables,
  '0002-locations': createLocations,
  '0003-grace': createGrace,
  '0004-payees': addPayees,
  '0005-owner-index': createOwnerIndex,
  '0006-area-laws': addAreaLaws,
} as const satisfies Readonly<
  Record<string, (db: Kysely<unknown>, capabilities: DatabaseCapabilities) => Promise<void>>
>;

/** Names of the migrations, oldest first. */
export const MIGRATION_NAMES: readonly string[] = Object.keys(MIGRATIONS);

/** Brings the schema to the newest version; safe when several processes start at once. Throws what PostgreSQL says. */
export async function migrate(db: Kysely<Schema>, capabilities: DatabaseCapabilities): Promise<readonly string[]> {
  await createSchema(db);
  const migrations: Record<string, Migration> = Object.fromEntries(
    Object.entries(MIGRATIONS).map(([name, up]) => [name, { up: (tx: Kysely<unknown>) => up(tx, capabilities) }]),
  );
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations) },
    migrationTableSchema: SCHEMA_NAME,
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  return (results ?? []).map(({ migrationName }) => migrationName);
}

async function createSchema(db: Kysely<Schema>): Promise<void> {
  const { rows } = await sql`SELECT 1 FROM pg_namespace WHERE nspname = ${SCHEMA_NAME}`.execute(db);
  if (rows.length === 0) await sql`CREATE SCHEMA IF NOT EXISTS ${sql.id(SCHEMA_NAME)}`.execute(db);
}

/** Everything of ours goes: it is only a copy of what the log says. */
export async function dropSchema(db: Kysely<Schema>): Promise<void> {
  await sql`DROP SCHEMA IF EXISTS ${sql.id(SCHEMA_NAME)} CASCADE`.execute(db);
}

/** The id of the tables when all of them are there. Rejects when the database, or the first table asked, is missing. */
export async function findProjectionId(db: Kysely<Schema>): Promise<string | undefined> {
  const { rows } = await sql<{ id: string; tables: bigint }>`
    SELECT id, (SELECT count(*) FROM pg_class WHERE relnamespace = ${SCHEMA_NAME}::regnamespace
                AND relname = ANY(${[...TABLE_NAMES]}::text[])) AS tables
    FROM sextant.projection`.execute(db);
  const [row] = rows;
  return row !== undefined && row.tables === BigInt(TABLE_NAMES.length) ? row.id : undefined;
}
