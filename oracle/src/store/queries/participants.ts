import { type RegionPlanName, type UnixMs, unixMs } from '@sextant/firmware-bridge/protocol';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { outcomeCode, participantCode, regionPlanCode, type StoredParticipantKind } from '../schema/codes.ts';
import type { Schema } from '../schema/schema.ts';
import { type CellRange, cellsWithin } from './cell-range.ts';

export interface ParticipantRow {
  readonly key: Uint8Array;
  readonly kind: StoredParticipantKind;
  /** EVM address, 20 bytes. */
  readonly owner: Uint8Array;
  readonly name: string;
  readonly firstSeenMs: UnixMs;
  /** Its key was replaced by this one. */
  readonly supersededBy?: Uint8Array;
}

/** A hotspot with the assertion that is in force, and its activity. */
export interface HotspotRow extends ParticipantRow {
  readonly assertion: {
    readonly reportId: Uint8Array;
    readonly number: number;
    readonly cell: bigint;
    /** The first round it is in force. */
    readonly effectiveRound: number;
    readonly antennaAglM: number;
    readonly altitudeMslM: number;
    /** Tenths of dBi. */
    readonly antennaGainDdbi: number;
    readonly regionPlan: RegionPlanName;
    readonly canTransmit: boolean;
  };
  readonly activity?: {
    readonly beacons: number;
    readonly witnessReports: number;
    /** End of the last slot that was closed in the log when its last report was appended. */
    readonly lastReportMs: UnixMs;
  };
}

export async function findParticipant(db: Kysely<Schema>, key: Uint8Array): Promise<ParticipantRow | undefined> {
  const row = await db.selectFrom('participants').selectAll().where('key', '=', Buffer.from(key)).executeTakeFirst();
  return row === undefined ? undefined : toParticipant(row);
}

/** Participants whose three-word name starts with `prefix`, by name. */
export async function findParticipantsByName(
  db: Kysely<Schema>,
  prefix: string,
  limit: number,
): Promise<ParticipantRow[]> {
  const rows = await db
    .selectFrom('participants')
    .selectAll()
    .where(sql<boolean>`starts_with(name, ${prefix})`)
    .where('superseded_by', 'is', null)
    .orderBy('name')
    .orderBy('key')
    .limit(limit)
    .execute();
  return rows.map(toParticipant);
}

export interface HotspotFilter {
  /** The assertion in force in this round counts. */
  readonly round: number;
  /** Only hotspots asserted in one of these cells, of any resolution; absent: everywhere. */
  readonly within?: readonly bigint[];
  /** Only these. */
  readonly keys?: readonly Uint8Array[];
  /** Key of the last one of the page before. */
  readonly after?: Uint8Array;
  readonly limit: number;
}

/** Hotspots with an assertion in force, by key. */
export async function listHotspots(db: Kysely<Schema>, filter: HotspotFilter): Promise<HotspotRow[]> {
  const { round, within, keys, after = new Uint8Array(0), limit } = filter;
  const isAsked = keys === undefined ? sql`true` : sql`key = ANY(${keys.map((key) => Buffer.from(key))}::bytea[])`;
  const ranges = within?.flatMap(assertedWithin);
  const inRange = ranges === undefined ? sql`true` : isInRange(sql`cell`, ranges);
  const { rows } = await sql<JoinedRow>`
    WITH in_force AS (
      SELECT DISTINCT ON (key) * FROM sextant.assertions
      WHERE ${isInForce(round)} AND key > ${after} AND ${isAsked}
        AND (${ranges === undefined} OR key IN (SELECT key FROM sextant.assertions WHERE ${inRange}))
      ORDER BY key, effective_round DESC, number DESC)
    ${joined(sql`in_force`)} WHERE participants.superseded_by IS NULL AND ${inRange}
    ORDER BY participants.key LIMIT ${limit}`.execute(db);
  return rows.map(toHotspot);
}

/** The hotspot, with the assertion in force in `round`; undefined when it has none. */
export async function findHotspot(db: Kysely<Schema>, key: Uint8Array, round: number): Promise<HotspotRow | undefined> {
  const { rows } = await sql<JoinedRow>`
    WITH in_force AS (
      SELECT * FROM sextant.assertions WHERE ${isInForce(round)} AND key = ${key}
      ORDER BY effective_round DESC, number DESC LIMIT 1)
    ${joined(sql`in_force`)}`.execute(db);
  return rows[0] === undefined ? undefined : toHotspot(rows[0]);
}

/** Hotspots with an assertion in force, those of them heard from since `activeSinceMs`, and survey devices. */
export async function countParticipants(
  db: Kysely<Schema>,
  round: number,
  activeSinceMs: number,
): Promise<{ readonly hotspots: number; readonly hotspotsActive: number; readonly surveyDevices: number }> {
  const { rows } = await sql<{ hotspots: bigint; active: bigint; devices: bigint }>`
    SELECT count(*) AS hotspots,
      count(*) FILTER (WHERE last_logged >= ${new Date(activeSinceMs).toISOString()}::timestamptz) AS active,
      (SELECT count(*) FROM sextant.participants WHERE kind = ${participantCode.number('survey_device')}) AS devices
    FROM (SELECT DISTINCT key FROM sextant.assertions WHERE ${isInForce(round)}) AS placed
    JOIN sextant.participants USING (key) LEFT JOIN sextant.activity USING (key)
    WHERE superseded_by IS NULL`.execute(db);
  const row = rows[0];
  return {
    hotspots: Number(row?.hotspots ?? 0),
    hotspotsActive: Number(row?.active ?? 0),
    surveyDevices: Number(row?.devices ?? 0),
  };
}

/** What a gateway last told about itself. */
export interface GatewayStatusRow {
  readonly createdMs: UnixMs;
  readonly framesReceived: number;
  readonly framesSent: number;
  /** Untrusted text. */
  readonly gatewaySoftware: string;
  /** Tenths of °C. */
  readonly temperatureDc?: number;
  readonly gpsLock: boolean;
  readonly clockOffsetMs?: number;
}

export async function findGatewayStatus(db: Kysely<Schema>, key: Uint8Array): Promise<GatewayStatusRow | undefined> {
  const row = await db.selectFrom('gateway_status').selectAll().where('key', '=', Buffer.from(key)).executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    createdMs: unixMs(Number(row.created_ms)),
    framesReceived: Number(row.frames_received),
    framesSent: Number(row.frames_sent),
    gatewaySoftware: row.software,
    ...(row.temperature_dc === null ? {} : { temperatureDc: row.temperature_dc }),
    gpsLock: row.gps_lock,
    ...(row.clock_offset_ms === null ? {} : { clockOffsetMs: Number(row.clock_offset_ms) }),
  };
}

const isInForce = (round: number): RawBuilder<boolean> => sql<boolean>`
  (effective_round <= ${round} AND NOT conflicting AND outcome IS DISTINCT FROM ${outcomeCode.number('invalid')})`;

const ASSERTED_RESOLUTIONS = [8, 9, 10];

const assertedWithin = (cell: bigint): CellRange[] =>
  ASSERTED_RESOLUTIONS.flatMap((resolution) => cellsWithin(cell, resolution) ?? []);

function isInRange(cell: RawBuilder<unknown>, ranges: readonly CellRange[]): RawBuilder<boolean> {
  const firsts = ranges.map(({ first }) => first);
  const lasts = ranges.map(({ last }) => last);
  return sql<boolean>`EXISTS (
    SELECT 1 FROM unnest(${firsts}::bigint[], ${lasts}::bigint[]) AS span(first, last) WHERE ${cell} BETWEEN span.first AND span.last)`;
}

const joined = (inForce: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  SELECT participants.*, report_id, number, cell, effective_round, antenna_agl_m, altitude_msl_m, antenna_gain_ddbi,
    region_plan, can_transmit, beacons, witness_reports, last_logged
  FROM ${inForce} JOIN sextant.participants USING (key) LEFT JOIN sextant.activity USING (key)`;

interface StoredParticipant {
  readonly key: Buffer;
  readonly kind: number;
  readonly owner: Buffer;
  readonly name: string;
  readonly first_seen: number;
  readonly superseded_by: Buffer | null;
}

interface JoinedRow extends StoredParticipant {
  readonly report_id: Buffer;
  readonly number: bigint;
  readonly cell: bigint;
  readonly effective_round: bigint;
  readonly antenna_agl_m: number;
  readonly altitude_msl_m: number;
  readonly antenna_gain_ddbi: number;
  readonly region_plan: number;
  readonly can_transmit: boolean;
  readonly beacons: bigint | null;
  readonly witness_reports: bigint | null;
  readonly last_logged: number | null;
}

function toParticipant(row: StoredParticipant): ParticipantRow {
  return {
    key: row.key,
    kind: participantCode.name(row.kind),
    owner: row.owner,
    name: row.name,
    firstSeenMs: unixMs(row.first_seen),
    ...(row.superseded_by === null ? {} : { supersededBy: row.superseded_by }),
  };
}

function toHotspot(row: JoinedRow): HotspotRow {
  return {
    ...toParticipant(row),
    assertion: {
      reportId: row.report_id,
      number: Number(row.number),
      cell: row.cell,
      effectiveRound: Number(row.effective_round),
      antennaAglM: row.antenna_agl_m,
      altitudeMslM: row.altitude_msl_m,
      antennaGainDdbi: row.antenna_gain_ddbi,
      regionPlan: regionPlanCode.name(row.region_plan),
      canTransmit: row.can_transmit,
    },
    ...(row.last_logged === null
      ? {}
      : {
          activity: {
            beacons: Number(row.beacons ?? 0),
            witnessReports: Number(row.witness_reports ?? 0),
            lastReportMs: unixMs(row.last_logged),
          },
        }),
  };
}
