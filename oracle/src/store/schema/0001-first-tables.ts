import { type Kysely, sql } from 'kysely';
import type { DatabaseCapabilities } from '../database/capabilities.ts';
import { TIMED_TABLES } from './schema.ts';

/** All tables of the first release. */
export async function createFirstTables(db: Kysely<unknown>, capabilities: DatabaseCapabilities): Promise<void> {
  const partitioned = capabilities.timescale === undefined ? 'PARTITION BY RANGE (time)' : '';
  for (const statement of [...PLAIN_TABLES, ...timedTables(partitioned)]) await sql.raw(statement).execute(db);
  for (const table of TIMED_TABLES) {
    if (capabilities.timescale === undefined) {
      await sql.raw(`CREATE TABLE sextant.${table}_default PARTITION OF sextant.${table} DEFAULT`).execute(db);
    } else {
      await makeHypertable(db, table, capabilities.timescale.license);
    }
  }
  for (const statement of TIMED_INDEXES) await sql.raw(statement).execute(db);
}

/** Chunks of a day, their older ones in columns where the licence has that. The calls are those every TimescaleDB 2 knows. */
async function makeHypertable(db: Kysely<unknown>, table: string, license: 'apache' | 'timescale'): Promise<void> {
  const name = `sextant.${table}`;
  await sql`SELECT create_hypertable(${name}::regclass, 'time', chunk_time_interval => INTERVAL '1 day', create_default_indexes => false)`.execute(
    db,
  );
  if (license === 'apache') return;
  await sql.raw(`ALTER TABLE ${name} SET (timescaledb.compress, timescaledb.compress_orderby = 'time')`).execute(db);
  await sql`SELECT add_compression_policy(${name}::regclass, INTERVAL '7 days')`.execute(db);
}

const PLAIN_TABLES = [
  `CREATE TABLE sextant.projection (
     one boolean PRIMARY KEY DEFAULT true CHECK (one),
     id uuid NOT NULL DEFAULT gen_random_uuid())`,
  'INSERT INTO sextant.projection DEFAULT VALUES',
  `CREATE TABLE sextant.network (
     one boolean PRIMARY KEY DEFAULT true CHECK (one),
     network_id text NOT NULL, rule_set integer NOT NULL, rule_set_id bytea NOT NULL,
     genesis_ms bigint NOT NULL, slot_ms bigint NOT NULL, round_ms bigint NOT NULL, epoch_ms bigint NOT NULL,
     clock_margin_ms bigint NOT NULL, epoch_grace_ms bigint NOT NULL)`,
  'CREATE TABLE sextant.log_progress (origin text PRIMARY KEY, size bigint NOT NULL, last_slot bigint)',
  `CREATE TABLE sextant.participants (
     key bytea PRIMARY KEY, kind smallint NOT NULL, owner bytea NOT NULL, name text NOT NULL,
     first_seen timestamptz NOT NULL, superseded_by bytea)`,
  `CREATE TABLE sextant.assertions (
     report_id bytea PRIMARY KEY, key bytea NOT NULL, number bigint NOT NULL, cell bigint NOT NULL,
     antenna_agl_m integer NOT NULL, altitude_msl_m integer NOT NULL, antenna_gain_ddbi smallint NOT NULL,
     region_plan smallint NOT NULL, can_transmit boolean NOT NULL, effective_round bigint,
     conflicting boolean NOT NULL DEFAULT false, outcome smallint,
     origin text NOT NULL, log_index bigint NOT NULL, logged_at timestamptz NOT NULL)`,
  'CREATE INDEX ON sextant.assertions (key, number)',
  'CREATE INDEX ON sextant.assertions (cell)',
  'CREATE INDEX ON sextant.assertions (origin, log_index) WHERE effective_round IS NULL',
  `CREATE TABLE sextant.successors (
     report_id bytea PRIMARY KEY, old_key bytea NOT NULL, new_key bytea NOT NULL, logged_at timestamptz NOT NULL)`,
  `CREATE TABLE sextant.gateway_status (
     key bytea PRIMARY KEY, created_ms bigint NOT NULL, frames_received bigint NOT NULL, frames_sent bigint NOT NULL,
     software text NOT NULL, temperature_dc integer, gps_lock boolean NOT NULL, clock_offset_ms bigint)`,
  'CREATE TABLE sextant.rounds (round bigint PRIMARY KEY, state smallint NOT NULL, entropy bytea)',
  `CREATE TABLE sextant.activity (
     key bytea PRIMARY KEY, beacons bigint NOT NULL, witness_reports bigint NOT NULL, survey_reports bigint NOT NULL,
     last_logged timestamptz NOT NULL)`,
  `CREATE TABLE sextant.verdict_counts (
     epoch integer NOT NULL, reporter bytea NOT NULL, subject smallint NOT NULL, outcome smallint NOT NULL,
     reason smallint NOT NULL, count integer NOT NULL, PRIMARY KEY (epoch, reporter, subject, outcome, reason))`,
  'CREATE INDEX ON sextant.verdict_counts (reporter, epoch)',
  `CREATE TABLE sextant.coverage_witnesses (
     epoch integer NOT NULL, cell bigint NOT NULL, witness bytea NOT NULL, links integer NOT NULL,
     best_esp_ddbm smallint NOT NULL, least_esp_ddbm smallint NOT NULL, best_snr_ddb smallint NOT NULL,
     last_seen timestamptz NOT NULL, PRIMARY KEY (cell, epoch, witness))`,
  'CREATE INDEX ON sextant.coverage_witnesses (witness, epoch)',
  'CREATE INDEX ON sextant.coverage_witnesses (epoch)',
  `CREATE TABLE sextant.coverage (
     epoch integer NOT NULL, cell bigint NOT NULL, state smallint NOT NULL, links integer NOT NULL,
     witnesses integer NOT NULL, best_esp_ddbm smallint, least_esp_ddbm smallint, best_snr_ddb smallint,
     survey_transmissions integer NOT NULL, last_seen timestamptz NOT NULL, PRIMARY KEY (epoch, cell))`,
  'CREATE INDEX ON sextant.coverage (cell, epoch)',
  `CREATE TABLE sextant.epochs (
     epoch integer PRIMARY KEY, attempt integer NOT NULL, start_ms bigint NOT NULL, end_ms bigint NOT NULL,
     rule_set integer NOT NULL, rule_set_id bytea NOT NULL, core_version text NOT NULL, summary_hash bytea NOT NULL,
     summary text NOT NULL, total numeric(78, 0) NOT NULL, unminted numeric(78, 0) NOT NULL,
     hotspots_paid integer NOT NULL, covered integer NOT NULL, surveyed_not_covered integer NOT NULL,
     valid integer NOT NULL, invalid integer NOT NULL, insufficient integer NOT NULL)`,
  `CREATE TABLE sextant.reward_lines (
     epoch integer NOT NULL, ordinal integer NOT NULL, reward_class smallint NOT NULL, key bytea NOT NULL,
     shares numeric(78, 0) NOT NULL, amount numeric(78, 0) NOT NULL, held boolean NOT NULL, count integer NOT NULL,
     density_scale integer NOT NULL, PRIMARY KEY (epoch, ordinal))`,
  'CREATE INDEX ON sextant.reward_lines (key, epoch)',
  `CREATE TABLE sextant.owner_totals (
     epoch integer NOT NULL, owner bytea NOT NULL, amount numeric(78, 0) NOT NULL, cumulative numeric(78, 0) NOT NULL,
     PRIMARY KEY (owner, epoch))`,
  'CREATE INDEX ON sextant.owner_totals (epoch)',
  `CREATE TABLE sextant.refusals (
     hour timestamptz NOT NULL, reason text NOT NULL, count bigint NOT NULL, PRIMARY KEY (hour, reason))`,
];

function timedTables(partitioned: string): string[] {
  return [
    `CREATE TABLE sextant.reports (
       time timestamptz NOT NULL, report_id bytea NOT NULL, kind smallint NOT NULL, reporter bytea NOT NULL,
       round bigint NOT NULL, at_ms bigint NOT NULL, frequency_hz bigint NOT NULL, spreading_factor smallint NOT NULL,
       rssi_channel_ddbm smallint, rssi_signal_ddbm smallint, snr_ddb smallint,
       tx_power_requested_ddbm smallint, tx_power_actual_ddbm smallint, cell bigint,
       origin text NOT NULL, log_index bigint NOT NULL) ${partitioned}`,
    `CREATE TABLE sextant.verdicts (
       time timestamptz NOT NULL, report_id bytea NOT NULL, epoch integer NOT NULL, final boolean NOT NULL,
       subject smallint NOT NULL, reporter bytea NOT NULL, sender bytea, round bigint NOT NULL, at_ms bigint NOT NULL,
       outcome smallint NOT NULL, reason smallint NOT NULL, checks jsonb NOT NULL) ${partitioned}`,
    `CREATE TABLE sextant.links (
       time timestamptz NOT NULL, report_id bytea NOT NULL, epoch integer NOT NULL, cell bigint NOT NULL,
       sender bytea NOT NULL, sender_kind smallint NOT NULL, witness bytea NOT NULL, round bigint NOT NULL,
       esp_ddbm smallint NOT NULL, snr_ddb smallint NOT NULL) ${partitioned}`,
  ];
}

/** Every unique key contains the time column: neither hypertables nor partitions can have another. */
const TIMED_INDEXES = [
  'CREATE UNIQUE INDEX ON sextant.reports (report_id, time)',
  'CREATE INDEX ON sextant.reports (reporter, time)',
  'CREATE INDEX ON sextant.reports (cell, time) WHERE cell IS NOT NULL',
  'CREATE UNIQUE INDEX ON sextant.verdicts (report_id, time)',
  'CREATE INDEX ON sextant.verdicts (reporter, time, report_id)',
  'CREATE INDEX ON sextant.verdicts (sender, time, report_id)',
  'CREATE INDEX ON sextant.verdicts (epoch)',
  'CREATE UNIQUE INDEX ON sextant.links (report_id, time)',
  'CREATE INDEX ON sextant.links (witness, time)',
  'CREATE INDEX ON sextant.links (cell, epoch)',
  'CREATE INDEX ON sextant.links (epoch)',
];
