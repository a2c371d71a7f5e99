import { type UnixMs, unixMs } from '@sextant/firmware-bridge/protocol';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { CoverageState } from '../../core/epoch/result.ts';
import { coverageStateCode } from '../schema/codes.ts';
import type { Schema } from '../schema/schema.ts';
import { cellsWithin } from './cell-range.ts';

/** One closed epoch, or (`fromEpoch`) all from one on with what is provisional: the live view, which ages out as that moves. */
export type CoverageWindow = { readonly epoch: number } | { readonly fromEpoch: number };

/** A hexagon of resolution 9. */
export interface CoverageRow {
  readonly cell: bigint;
  readonly state: CoverageState;
  readonly links: number;
  /** Different ones. */
  readonly witnesses: number;
  /** Tenths of dBm normalised to 14 dBm EIRP; absent when not covered. */
  readonly bestEspDdbm?: number;
  readonly leastEspDdbm?: number;
  /** Tenths of dB. */
  readonly bestSnrDdb?: number;
  readonly surveyTransmissions: number;
  readonly lastSeenMs: UnixMs;
}

/** Rows fetched at a time. */
const CHUNK = 10_000;

/** All cells, ascending, some thousand at a time: memory does not grow with the map. */
export async function* streamCoverage(
  db: Kysely<Schema>,
  window: CoverageWindow,
): AsyncGenerator<readonly CoverageRow[], void, undefined> {
  let after = 0n;
  for (;;) {
    const rows = await selectCoverage(db, window, sql`cell > ${after}`, CHUNK);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = last.cell;
  }
}

/** Those of the cells that somebody has measured, ascending. */
export async function findCoverage(
  db: Kysely<Schema>,
  window: CoverageWindow,
  cells: readonly bigint[],
): Promise<CoverageRow[]> {
  return selectCoverage(db, window, sql`cell = ANY(${cells}::bigint[])`, cells.length);
}

const inWindow = (window: CoverageWindow): RawBuilder<boolean> =>
  'epoch' in window ? sql<boolean>`epoch = ${window.epoch}` : sql<boolean>`epoch >= ${window.fromEpoch}`;

async function selectCoverage(
  db: Kysely<Schema>,
  window: CoverageWindow,
  where: RawBuilder<unknown>,
  limit: number,
): Promise<CoverageRow[]> {
  const { rows } = await sql<StoredCoverage>`
    SELECT merged.*, CASE WHEN epochs = 1 THEN most_witnesses ELSE (
        SELECT count(DISTINCT witness)::integer FROM sextant.coverage_witnesses
        WHERE cell = merged.cell AND ${inWindow(window)}) END AS witnesses
    FROM (
      SELECT cell, min(state) AS state, sum(links)::integer AS links, count(*) AS epochs, max(witnesses) AS most_witnesses,
        max(best_esp_ddbm) AS best_esp_ddbm, min(least_esp_ddbm) AS least_esp_ddbm, max(best_snr_ddb) AS best_snr_ddb,
        sum(survey_transmissions)::integer AS survey_transmissions, max(last_seen) AS last_seen
      FROM sextant.coverage WHERE ${inWindow(window)} AND ${where}
      GROUP BY cell ORDER BY cell LIMIT ${limit}) AS merged
    ORDER BY cell`.execute(db);
  return rows.map(toCoverage);
}

/** A hexagon of resolution 1–9 as the sum of the resolution-9 cells in it. */
export interface HexRow {
  /** Cells of resolution 9 in it, by state. */
  readonly covered: number;
  readonly surveyedNotCovered: number;
  readonly links: number;
  readonly witnesses: number;
  readonly surveyTransmissions: number;
  readonly bestEspDdbm?: number;
  readonly bestSnrDdb?: number;
  /** Absent when nobody has measured there. */
  readonly lastSeenMs?: UnixMs;
}

export async function getHex(db: Kysely<Schema>, window: CoverageWindow, cell: bigint): Promise<HexRow> {
  const { first, last } = rangeOf(cell);
  const { rows } = await sql<StoredHex>`
    SELECT count(*) FILTER (WHERE state = ${coverageStateCode.number('covered')}) AS covered, count(*) AS cells,
      coalesce(sum(links), 0)::bigint AS links, coalesce(sum(survey_transmissions), 0)::bigint AS survey_transmissions,
      max(best_esp_ddbm) AS best_esp_ddbm, max(best_snr_ddb) AS best_snr_ddb, max(last_seen) AS last_seen,
      (SELECT count(DISTINCT witness) FROM sextant.coverage_witnesses
       WHERE cell BETWEEN ${first} AND ${last} AND ${inWindow(window)}) AS witnesses
    FROM (
      SELECT cell, min(state) AS state, sum(links) AS links, sum(survey_transmissions) AS survey_transmissions,
        max(best_esp_ddbm) AS best_esp_ddbm, max(best_snr_ddb) AS best_snr_ddb, max(last_seen) AS last_seen
      FROM sextant.coverage WHERE cell BETWEEN ${first} AND ${last} AND ${inWindow(window)} GROUP BY cell) AS one`.execute(
    db,
  );
  const row = rows[0];
  return {
    covered: Number(row?.covered ?? 0),
    surveyedNotCovered: Number((row?.cells ?? 0n) - (row?.covered ?? 0n)),
    links: Number(row?.links ?? 0),
    witnesses: Number(row?.witnesses ?? 0),
    surveyTransmissions: Number(row?.survey_transmissions ?? 0),
    ...levels(row?.best_esp_ddbm ?? null, row?.best_snr_ddb ?? null),
    ...(row === undefined || row.last_seen === null ? {} : { lastSeenMs: unixMs(row.last_seen) }),
  };
}

/** Who hears transmissions from a hexagon of resolution 1–9, best signal first. */
export interface CellWitnessRow {
  readonly witness: Uint8Array;
  readonly name: string;
  readonly links: number;
  readonly bestEspDdbm: number;
  readonly leastEspDdbm: number;
  readonly bestSnrDdb: number;
  readonly lastSeenMs: UnixMs;
}

export async function listCellWitnesses(
  db: Kysely<Schema>,
  window: CoverageWindow,
  cell: bigint,
  limit: number,
): Promise<CellWitnessRow[]> {
  const { first, last } = rangeOf(cell);
  const { rows } = await sql<StoredWitness>`
    SELECT heard.*, coalesce(participants.name, '') AS name FROM (
      SELECT witness, sum(links)::integer AS links, max(best_esp_ddbm) AS best_esp_ddbm, min(least_esp_ddbm) AS least_esp_ddbm,
        max(best_snr_ddb) AS best_snr_ddb, max(last_seen) AS last_seen
      FROM sextant.coverage_witnesses WHERE cell BETWEEN ${first} AND ${last} AND ${inWindow(window)}
      GROUP BY witness ORDER BY max(best_esp_ddbm) DESC, witness LIMIT ${limit}) AS heard
    LEFT JOIN sextant.participants ON participants.key = heard.witness
    ORDER BY best_esp_ddbm DESC, witness`.execute(db);
  return rows.map((row) => ({
    witness: row.witness,
    name: row.name,
    links: row.links,
    bestEspDdbm: row.best_esp_ddbm,
    leastEspDdbm: row.least_esp_ddbm,
    bestSnrDdb: row.best_snr_ddb,
    lastSeenMs: unixMs(row.last_seen),
  }));
}

/** A cell of resolution 9 that a hotspot hears. */
export interface FootprintRow {
  readonly cell: bigint;
  readonly links: number;
  readonly bestEspDdbm: number;
  readonly lastSeenMs: UnixMs;
}

/** Every cell a hotspot hears, ascending. */
export async function listFootprint(
  db: Kysely<Schema>,
  window: CoverageWindow,
  witness: Uint8Array,
): Promise<FootprintRow[]> {
  const { rows } = await sql<{ cell: bigint; links: number; best: number; seen: number }>`
    SELECT cell, sum(links)::integer AS links, max(best_esp_ddbm) AS best, max(last_seen) AS seen
    FROM sextant.coverage_witnesses WHERE witness = ${witness} AND ${inWindow(window)}
    GROUP BY cell ORDER BY cell`.execute(db);
  return rows.map(({ cell, links, best, seen }) => ({ cell, links, bestEspDdbm: best, lastSeenMs: unixMs(seen) }));
}

export async function countHexes(
  db: Kysely<Schema>,
  window: CoverageWindow,
): Promise<{ readonly covered: number; readonly surveyedNotCovered: number }> {
  const { rows } = await sql<{ covered: bigint; cells: bigint }>`
    SELECT count(*) AS cells, count(*) FILTER (WHERE state = ${coverageStateCode.number('covered')}) AS covered
    FROM (SELECT min(state) AS state FROM sextant.coverage WHERE ${inWindow(window)} GROUP BY cell) AS one`.execute(db);
  const { covered = 0n, cells = 0n } = rows[0] ?? {};
  return { covered: Number(covered), surveyedNotCovered: Number(cells - covered) };
}

/** The hexagons of resolution 7 with a covered or surveyed cell or an asserted one in them, ascending: where the network is. */
export async function listAreas(db: Kysely<Schema>, window: CoverageWindow): Promise<bigint[]> {
  const { rows } = await sql<{ area: bigint }>`
    SELECT DISTINCT ((cell | ${AREA_DIGITS}) & ~(15::bigint << 52)) | (7::bigint << 52) AS area FROM (
      SELECT cell FROM sextant.coverage WHERE ${inWindow(window)}
      UNION ALL SELECT cell FROM sextant.assertions WHERE NOT conflicting) AS one
    ORDER BY area`.execute(db);
  return rows.map(({ area }) => area);
}

/** The digits of an H3 index below resolution 7: all 7 in a cell of that resolution. */
const AREA_DIGITS = (1n << 24n) - 1n;

/** Coverage is kept at resolution 9. Throws RangeError for a finer cell. */
function rangeOf(cell: bigint): { first: bigint; last: bigint } {
  const range = cellsWithin(cell, 9);
  if (range === undefined) throw new RangeError('coverage has no cells finer than resolution 9');
  return range;
}

const levels = (esp: number | null, snr: number | null): { bestEspDdbm?: number; bestSnrDdb?: number } => ({
  ...(esp === null ? {} : { bestEspDdbm: esp }),
  ...(snr === null ? {} : { bestSnrDdb: snr }),
});

interface StoredCoverage {
  readonly cell: bigint;
  readonly state: number;
  readonly links: number;
  readonly witnesses: number;
  readonly best_esp_ddbm: number | null;
  readonly least_esp_ddbm: number | null;
  readonly best_snr_ddb: number | null;
  readonly survey_transmissions: number;
  readonly last_seen: number;
}

interface StoredHex {
  readonly covered: bigint;
  readonly cells: bigint;
  readonly links: bigint;
  readonly witnesses: bigint;
  readonly survey_transmissions: bigint;
  readonly best_esp_ddbm: number | null;
  readonly best_snr_ddb: number | null;
  readonly last_seen: number | null;
}

interface StoredWitness {
  readonly witness: Buffer;
  readonly name: string;
  readonly links: number;
  readonly best_esp_ddbm: number;
  readonly least_esp_ddbm: number;
  readonly best_snr_ddb: number;
  readonly last_seen: number;
}

function toCoverage(row: StoredCoverage): CoverageRow {
  return {
    cell: row.cell,
    state: coverageStateCode.name(row.state),
    links: row.links,
    witnesses: row.witnesses,
    ...levels(row.best_esp_ddbm, row.best_snr_ddb),
    ...(row.least_esp_ddbm === null ? {} : { leastEspDdbm: row.least_esp_ddbm }),
    surveyTransmissions: row.survey_transmissions,
    lastSeenMs: unixMs(row.last_seen),
  };
}
