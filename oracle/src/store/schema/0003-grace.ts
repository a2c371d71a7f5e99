import { type Kysely, sql } from 'kysely';

/** Pay that waits for a proven place under rule set 2: what an epoch released of it, and what still waits after it. */
export async function createGrace(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `CREATE TABLE sextant.grace (
         epoch integer NOT NULL, key bytea NOT NULL, released numeric(78, 0) NOT NULL, held numeric(78, 0) NOT NULL,
         PRIMARY KEY (key, epoch))`,
    )
    .execute(db);
  await sql.raw('CREATE INDEX ON sextant.grace (epoch)').execute(db);
}
