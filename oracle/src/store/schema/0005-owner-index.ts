import { type Kysely, sql } from 'kysely';

/** What is asked of an owner begins with what is his. */
export async function createOwnerIndex(db: Kysely<unknown>): Promise<void> {
  await sql.raw('CREATE INDEX ON sextant.participants (owner, key)').execute(db);
}
