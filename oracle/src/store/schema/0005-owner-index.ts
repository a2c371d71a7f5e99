import { type Kysely, sql } from 'kysely';

/** What is asked of an account begins with what is its own, and what was paid to it. */
export async function createOwnerIndex(db: Kysely<unknown>): Promise<void> {
  await sql.raw('CREATE INDEX ON sextant.participants (owner, key)').execute(db);
  for (const table of ['reward_lines', 'grace']) {
    await sql.raw(`CREATE INDEX ON sextant.${table} (paid_to, key) WHERE paid_to IS NOT NULL`).execute(db);
  }
}
