import { type Kysely, sql } from 'kysely';

/** By which law of path loss the links of a place were weighed. */
export async function addAreaLaws(db: Kysely<unknown>): Promise<void> {
  await sql.raw('ALTER TABLE sextant.locations ADD COLUMN law jsonb').execute(db);
}
