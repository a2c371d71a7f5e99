import { type Kysely, sql } from 'kysely';

/** Whom a reward line was paid to, and what was released of grace pay, where the rule set reads a registry. */
export async function addPayees(db: Kysely<unknown>): Promise<void> {
  for (const table of ['reward_lines', 'grace']) {
    await sql.raw(`ALTER TABLE sextant.${table} ADD COLUMN paid_to bytea`).execute(db);
  }
}
