import { type Kysely, sql } from 'kysely';

/** Whom a reward line was paid to, where the rule set reads a registry. */
export async function addPayees(db: Kysely<unknown>): Promise<void> {
  await sql.raw('ALTER TABLE sextant.reward_lines ADD COLUMN paid_to bytea').execute(db);
}
