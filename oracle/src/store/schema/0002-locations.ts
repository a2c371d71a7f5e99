import { type Kysely, sql } from 'kysely';

/** What rule set 2 says about places, by hotspot and closed epoch. */
export async function createLocations(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `CREATE TABLE sextant.locations (
         epoch integer NOT NULL, key bytea NOT NULL, cell bigint NOT NULL, outcome smallint NOT NULL,
         reason smallint NOT NULL, gap_micronats bigint NOT NULL, likeliest_cell bigint, witnesses integer NOT NULL,
         witness_trust integer NOT NULL, trust integer NOT NULL, doubtful_epochs integer NOT NULL, checks jsonb NOT NULL,
         region jsonb NOT NULL, links jsonb NOT NULL, accusations jsonb NOT NULL, PRIMARY KEY (key, epoch))`,
    )
    .execute(db);
  await sql.raw('CREATE INDEX ON sextant.locations (epoch)').execute(db);
}
