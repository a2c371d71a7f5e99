import type { Check } from '@sextant/firmware-bridge/protocol';
import type { Generated, JSONColumnType } from 'kysely';
import type { StandingAccusation } from '../../core/location/evidence.ts';
import type { LawNumbers } from '../../core/location/propagation-model.ts';
import type { StoredPlaceLink } from './stored-location.ts';

/** Unix milliseconds out; a `Date` or text of PostgreSQL in. Only bulk statements write it. */
type Time = number;
type Bytes = Buffer;

/** The tables in schema `sextant`. Closed lists are numbers, see codes.ts; cells are H3 indexes; keys are 32 raw bytes. */
export interface Schema {
  projection: {
    one: Generated<boolean>;
    /** Drawn when the tables were made: another one means that everything must be filled in again. */
    id: Generated<string>;
  };
  network: {
    one: Generated<boolean>;
    network_id: string;
    rule_set: number;
    rule_set_id: Bytes;
    genesis_ms: bigint;
    slot_ms: bigint;
    round_ms: bigint;
    epoch_ms: bigint;
    clock_margin_ms: bigint;
    epoch_grace_ms: bigint;
  };
  /** How far each log is in the tables. */
  log_progress: { origin: string; size: bigint; last_slot: bigint | null };
  participants: {
    key: Bytes;
    kind: number;
    owner: Bytes;
    name: string;
    first_seen: Time;
    superseded_by: Bytes | null;
  };
  assertions: {
    report_id: Bytes;
    key: Bytes;
    number: bigint;
    cell: bigint;
    antenna_agl_m: number;
    altitude_msl_m: number;
    antenna_gain_ddbi: number;
    region_plan: number;
    can_transmit: boolean;
    /** First round it is in force; null until the next slot mark. */
    effective_round: bigint | null;
    /** Another assertion of the key bears the same number: both are void. */
    conflicting: boolean;
    /** Of its verdict, as soon as there is one. */
    outcome: number | null;
    origin: string;
    log_index: bigint;
    logged_at: Time;
  };
  successors: { report_id: Bytes; old_key: Bytes; new_key: Bytes; logged_at: Time };
  gateway_status: {
    key: Bytes;
    created_ms: bigint;
    frames_received: bigint;
    frames_sent: bigint;
    software: string;
    temperature_dc: number | null;
    gps_lock: boolean;
    clock_offset_ms: bigint | null;
  };
  rounds: { round: bigint; state: number; entropy: Bytes | null };
  /** Beacons, witness reports and survey transmissions; partitioned by `time`. */
  reports: {
    time: Time;
    report_id: Bytes;
    kind: number;
    reporter: Bytes;
    round: bigint;
    /** What the report says; `time` is the same, bounded. */
    at_ms: bigint;
    frequency_hz: bigint;
    spreading_factor: number;
    rssi_channel_ddbm: number | null;
    rssi_signal_ddbm: number | null;
    snr_ddb: number | null;
    tx_power_requested_ddbm: number | null;
    tx_power_actual_ddbm: number | null;
    cell: bigint | null;
    origin: string;
    log_index: bigint;
  };
  /** Rollup of reports by signer. */
  activity: {
    key: Bytes;
    beacons: bigint;
    witness_reports: bigint;
    survey_reports: bigint;
    /** End of the last slot closed in the log when the last of them stood there. */
    last_logged: Time;
  };
  /** Partitioned by `time`. */
  verdicts: {
    time: Time;
    report_id: Bytes;
    epoch: number;
    final: boolean;
    subject: number;
    reporter: Bytes;
    sender: Bytes | null;
    round: bigint;
    at_ms: bigint;
    outcome: number;
    reason: number;
    checks: JSONColumnType<readonly object[]>;
  };
  /** Rollup of an epoch's final verdicts. */
  verdict_counts: { epoch: number; reporter: Bytes; subject: number; outcome: number; reason: number; count: number };
  /** Valid links; partitioned by `time`. */
  links: {
    time: Time;
    report_id: Bytes;
    epoch: number;
    cell: bigint;
    sender: Bytes;
    sender_kind: number;
    witness: Bytes;
    round: bigint;
    esp_ddbm: number;
    snr_ddb: number;
  };
  /** Rollup of links by cell and witness. */
  coverage_witnesses: {
    epoch: number;
    cell: bigint;
    witness: Bytes;
    links: number;
    best_esp_ddbm: number;
    least_esp_ddbm: number;
    best_snr_ddb: number;
    last_seen: Time;
  };
  /** One hexagon of resolution 9 in one epoch, running or closed. */
  coverage: {
    epoch: number;
    cell: bigint;
    state: number;
    links: number;
    witnesses: number;
    best_esp_ddbm: number | null;
    least_esp_ddbm: number | null;
    best_snr_ddb: number | null;
    survey_transmissions: number;
    last_seen: Time;
  };
  epochs: {
    epoch: number;
    attempt: number;
    start_ms: bigint;
    end_ms: bigint;
    rule_set: number;
    rule_set_id: Bytes;
    core_version: string;
    summary_hash: Bytes;
    /** RFC 8785 text, exactly what was hashed. */
    summary: string;
    total: bigint;
    unminted: bigint;
    hotspots_paid: number;
    covered: number;
    surveyed_not_covered: number;
    valid: number;
    invalid: number;
    insufficient: number;
  };
  reward_lines: {
    epoch: number;
    /** Place in the epoch's canonical order. */
    ordinal: number;
    reward_class: number;
    key: Bytes;
    shares: bigint;
    amount: bigint;
    held: boolean;
    count: number;
    density_scale: number;
    paid_to: Bytes | null;
  };
  /** Verdicts on places, of the newest closed epochs. Trust is in 1/10,000. */
  locations: {
    epoch: number;
    key: Bytes;
    /** As asserted. */
    cell: bigint;
    outcome: number;
    reason: number;
    gap_micronats: bigint;
    likeliest_cell: bigint | null;
    /** Independent ones that are trusted at all. */
    witnesses: number;
    /** Sum of theirs. */
    witness_trust: number;
    /** Its own. */
    trust: number;
    /** Epochs in which new witnesses spoke against the place. */
    doubtful_epochs: number;
    checks: JSONColumnType<readonly Check[]>;
    /** H3 indexes in hex: numbers of JSON are too short for them. */
    region: JSONColumnType<readonly string[]>;
    links: JSONColumnType<readonly StoredPlaceLink[]>;
    accusations: JSONColumnType<readonly StandingAccusation[]>;
    /** Of its area; null where too few are proven there to tell. */
    law: JSONColumnType<LawNumbers> | null;
  };
  /** Only where there is something of either. */
  grace: { epoch: number; key: Bytes; released: bigint; held: bigint; paid_to: Bytes | null };
  owner_totals: { epoch: number; owner: Bytes; amount: bigint; cumulative: bigint };
  /** What intake refused. Not in the log, so lost with the database. */
  refusals: { hour: Time; reason: string; count: bigint };
}

/** Partitioned by day, or hypertables. */
export const TIMED_TABLES = ['reports', 'verdicts', 'links'] as const;
export type TimedTable = (typeof TIMED_TABLES)[number];

export const SCHEMA_NAME = 'sextant';

export const TABLE_NAMES = [
  ...TIMED_TABLES,
  'projection',
  'network',
  'log_progress',
  'participants',
  'assertions',
  'successors',
  'gateway_status',
  'rounds',
  'activity',
  'verdict_counts',
  'coverage_witnesses',
  'coverage',
  'epochs',
  'reward_lines',
  'owner_totals',
  'locations',
  'grace',
  'refusals',
] as const satisfies readonly (keyof Schema)[];
