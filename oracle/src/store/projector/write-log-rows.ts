import { sql, type Transaction } from 'kysely';
import { participantCode, regionPlanCode, reportKindCode, roundStateCode } from '../schema/codes.ts';
import type { Schema } from '../schema/schema.ts';
import type {
  AssertionRow,
  LogRows,
  ParticipantRow,
  ReportRow,
  RoundRow,
  StatusRow,
  SuccessorRow,
} from './log-rows.ts';
import { timestamp, unnest } from './unnest.ts';

/**
 * Adds the rows to the tables. Doing it twice changes nothing. Every statement takes its rows in the order of their key, and a
 * rollup changes in the statement that inserts what it counts: several processes wait for each other but do not deadlock.
 */
export async function writeLogRows(tx: Transaction<Schema>, origin: string, rows: LogRows): Promise<void> {
  await writeGenesis(tx, rows);
  if (rows.participants.length > 0) await writeParticipants(tx, rows.participants);
  if (rows.rounds.size > 0) await writeRounds(tx, [...rows.rounds.values()]);
  if (rows.firstMark !== undefined) await closeWaiting(tx, origin, rows.firstMark.effectiveRound);
  if (rows.assertions.length > 0) await writeAssertions(tx, origin, rows.assertions);
  if (rows.successors.length > 0) await writeSuccessors(tx, rows.successors);
  if (rows.statuses.length > 0) await writeStatuses(tx, rows.statuses);
  if (rows.signers.size > 0) await writeReports(tx, origin, rows);
}

async function writeGenesis(tx: Transaction<Schema>, { genesis }: LogRows): Promise<void> {
  if (genesis === undefined) return;
  const { timing } = genesis;
  await tx
    .insertInto('network')
    .values({
      network_id: genesis.networkId,
      rule_set: genesis.ruleSet,
      rule_set_id: Buffer.from(genesis.ruleSetId),
      genesis_ms: BigInt(timing.genesisMs),
      slot_ms: BigInt(timing.slotMs),
      round_ms: BigInt(timing.roundMs),
      epoch_ms: BigInt(timing.epochMs),
      clock_margin_ms: BigInt(timing.clockMarginMs),
      epoch_grace_ms: BigInt(timing.epochGraceMs),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function writeParticipants(tx: Transaction<Schema>, rows: readonly ParticipantRow[]): Promise<void> {
  const incoming = unnest(rows, {
    key: ['bytea', (row) => row.key],
    kind: ['smallint', (row) => participantCode.number(row.kind)],
    owner: ['bytea', (row) => row.owner],
    name: ['text', (row) => row.name],
    first_seen: ['timestamptz', (row) => timestamp(row.firstSeenMs)],
  });
  await sql`
    INSERT INTO sextant.participants (key, kind, owner, name, first_seen)
    SELECT key, kind, owner, name, first_seen FROM ${incoming} ORDER BY key
    ON CONFLICT (key) DO NOTHING`.execute(tx);
}

async function writeRounds(tx: Transaction<Schema>, rows: readonly RoundRow[]): Promise<void> {
  const incoming = unnest(rows, {
    round: ['bigint', (row) => row.round],
    state: ['smallint', (row) => roundStateCode.number(row.entropy === undefined ? 'void' : 'certified')],
    entropy: ['bytea', (row) => row.entropy],
  });
  await sql`
    INSERT INTO sextant.rounds (round, state, entropy)
    SELECT round, state, entropy FROM ${incoming} ORDER BY round
    ON CONFLICT (round) DO NOTHING`.execute(tx);
}

async function closeWaiting(tx: Transaction<Schema>, origin: string, effectiveRound: number): Promise<void> {
  await tx
    .updateTable('assertions')
    .set({ effective_round: BigInt(effectiveRound) })
    .where('origin', '=', origin)
    .where('effective_round', 'is', null)
    .execute();
}

/** Two assertions of one key with one number are both void, whichever comes first. */
async function writeAssertions(tx: Transaction<Schema>, origin: string, rows: readonly AssertionRow[]): Promise<void> {
  const incoming = unnest(rows, {
    report_id: ['bytea', (row) => row.reportId],
    key: ['bytea', (row) => row.key],
    number: ['bigint', (row) => row.report.number],
    cell: ['bigint', (row) => row.report.cell],
    antenna_agl_m: ['integer', (row) => row.report.antennaAglM],
    altitude_msl_m: ['integer', (row) => row.report.altitudeMslM],
    antenna_gain_ddbi: ['smallint', (row) => row.report.antennaGainDdbi],
    region_plan: ['smallint', (row) => regionPlanCode.number(row.report.regionPlan)],
    can_transmit: ['boolean', (row) => row.report.canTransmit],
    effective_round: ['bigint', (row) => row.effectiveRound],
    log_index: ['bigint', (row) => row.logIndex],
    logged_at: ['timestamptz', (row) => timestamp(row.loggedMs)],
  });
  await sql`
    INSERT INTO sextant.assertions (report_id, key, number, cell, antenna_agl_m, altitude_msl_m, antenna_gain_ddbi,
      region_plan, can_transmit, effective_round, origin, log_index, logged_at)
    SELECT report_id, key, number, cell, antenna_agl_m, altitude_msl_m, antenna_gain_ddbi,
      region_plan, can_transmit, effective_round, ${origin}, log_index, logged_at FROM ${incoming} ORDER BY report_id
    ON CONFLICT (report_id) DO NOTHING`.execute(tx);
  const keys = rows.map(({ key }) => key);
  await sql`
    UPDATE sextant.assertions AS one SET conflicting = true
    FROM sextant.assertions AS other
    WHERE one.key = ANY(${keys}::bytea[]) AND NOT one.conflicting AND other.key = one.key
      AND other.number = one.number AND other.report_id <> one.report_id`.execute(tx);
}

async function writeSuccessors(tx: Transaction<Schema>, rows: readonly SuccessorRow[]): Promise<void> {
  const incoming = unnest(rows, {
    report_id: ['bytea', (row) => row.reportId],
    old_key: ['bytea', (row) => row.oldKey],
    new_key: ['bytea', (row) => row.newKey],
    logged_at: ['timestamptz', (row) => timestamp(row.loggedMs)],
  });
  await sql`
    INSERT INTO sextant.successors (report_id, old_key, new_key, logged_at)
    SELECT report_id, old_key, new_key, logged_at FROM ${incoming} ORDER BY report_id
    ON CONFLICT (report_id) DO NOTHING`.execute(tx);
}

/** PostgreSQL has no text with a zero byte in it. */
const storableText = (text: string): string => text.replaceAll('\0', '');

/** The newest status of each key stays. */
async function writeStatuses(tx: Transaction<Schema>, rows: readonly StatusRow[]): Promise<void> {
  const newest = new Map<string, StatusRow>();
  for (const row of rows) {
    const name = Buffer.from(row.key).toString('hex');
    const known = newest.get(name);
    if (known === undefined || known.createdMs <= row.createdMs) newest.set(name, row);
  }
  const sorted = [...newest].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  const incoming = unnest(sorted, {
    key: ['bytea', (row) => row.key],
    created_ms: ['bigint', (row) => row.createdMs],
    frames_received: ['bigint', (row) => row.status.framesReceived],
    frames_sent: ['bigint', (row) => row.status.framesSent],
    software: ['text', (row) => storableText(row.status.gatewaySoftware)],
    temperature_dc: ['integer', (row) => row.status.temperatureDc],
    gps_lock: ['boolean', (row) => row.status.gpsLock],
    clock_offset_ms: ['bigint', (row) => row.status.clockOffsetMs],
  });
  await sql`
    INSERT INTO sextant.gateway_status AS known
    SELECT key, created_ms, frames_received, frames_sent, software, temperature_dc, gps_lock, clock_offset_ms
    FROM ${incoming}
    ON CONFLICT (key) DO UPDATE SET
      created_ms = excluded.created_ms, frames_received = excluded.frames_received, frames_sent = excluded.frames_sent,
      software = excluded.software, temperature_dc = excluded.temperature_dc, gps_lock = excluded.gps_lock,
      clock_offset_ms = excluded.clock_offset_ms
    WHERE known.created_ms <= excluded.created_ms`.execute(tx);
}

const powerOf = ({ report }: ReportRow): { requested?: number; actual?: number | undefined } =>
  report.kind === 'witness' ? {} : { requested: report.txPowerRequestedDdbm, actual: report.txPowerActualDdbm };

const receptionOf = ({
  report,
}: ReportRow): { channel?: number | undefined; signal?: number | undefined; snr?: number } =>
  report.kind === 'witness'
    ? { channel: report.rssiChannelDdbm, signal: report.rssiSignalDdbm, snr: report.snrDdb }
    : {};

/** Reports and their rollup by signer, in one statement: a report that is there already counts for nothing. */
async function writeReports(tx: Transaction<Schema>, origin: string, rows: LogRows): Promise<void> {
  const reports = unnest(rows.reports, {
    time: ['timestamptz', (row) => timestamp(row.timeMs)],
    report_id: ['bytea', (row) => row.reportId],
    kind: ['smallint', (row) => reportKindCode.number(row.report.kind)],
    reporter: ['bytea', (row) => row.reporter],
    round: ['bigint', (row) => row.round],
    at_ms: ['bigint', (row) => row.atMs],
    frequency_hz: ['bigint', (row) => row.report.frequencyHz],
    spreading_factor: ['smallint', (row) => row.report.spreadingFactor],
    rssi_channel_ddbm: ['smallint', (row) => receptionOf(row).channel],
    rssi_signal_ddbm: ['smallint', (row) => receptionOf(row).signal],
    snr_ddb: ['smallint', (row) => receptionOf(row).snr],
    tx_power_requested_ddbm: ['smallint', (row) => powerOf(row).requested],
    tx_power_actual_ddbm: ['smallint', (row) => powerOf(row).actual],
    cell: ['bigint', ({ report }) => (report.kind === 'survey' ? report.cell : undefined)],
    log_index: ['bigint', (row) => row.logIndex],
  });
  const signers = unnest([...rows.signers], {
    key: ['bytea', ([key]) => Buffer.from(key, 'hex')],
    last_logged: ['timestamptz', ([, loggedMs]) => timestamp(loggedMs)],
  });
  await sql`
    WITH added AS (
      INSERT INTO sextant.reports (time, report_id, kind, reporter, round, at_ms, frequency_hz, spreading_factor,
        rssi_channel_ddbm, rssi_signal_ddbm, snr_ddb, tx_power_requested_ddbm, tx_power_actual_ddbm, cell, origin, log_index)
      SELECT time, report_id, kind, reporter, round, at_ms, frequency_hz, spreading_factor,
        rssi_channel_ddbm, rssi_signal_ddbm, snr_ddb, tx_power_requested_ddbm, tx_power_actual_ddbm, cell,
        ${origin}, log_index
      FROM ${reports} ORDER BY report_id, time
      ON CONFLICT (report_id, time) DO NOTHING
      RETURNING reporter, kind
    ), counted AS (
      SELECT reporter, count(*) FILTER (WHERE kind = 1) AS beacons, count(*) FILTER (WHERE kind = 2) AS witness_reports,
        count(*) FILTER (WHERE kind = 3) AS survey_reports
      FROM added GROUP BY reporter
    )
    INSERT INTO sextant.activity AS known (key, beacons, witness_reports, survey_reports, last_logged)
    SELECT key, coalesce(beacons, 0), coalesce(witness_reports, 0), coalesce(survey_reports, 0), last_logged
    FROM ${signers} LEFT JOIN counted ON counted.reporter = incoming.key
    ORDER BY key
    ON CONFLICT (key) DO UPDATE SET
      beacons = known.beacons + excluded.beacons,
      witness_reports = known.witness_reports + excluded.witness_reports,
      survey_reports = known.survey_reports + excluded.survey_reports,
      last_logged = greatest(known.last_logged, excluded.last_logged)`.execute(tx);
}
