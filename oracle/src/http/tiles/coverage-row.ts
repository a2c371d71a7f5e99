import { COVERAGE_STATES, type CoverageState } from '../../core/epoch/result.ts';

/** One hexagon of resolution 9, as the store keeps it. */
export interface CoverageRow {
  readonly cell: bigint;
  readonly state: CoverageState;
  /** Tenths of dBm, normalised to 14 dBm EIRP; absent when not covered. */
  readonly bestEspDdbm?: number | undefined;
  readonly witnesses: number;
  readonly lastSeenMs: number;
}

/** What a tile says about a hexagon of any resolution. */
export interface HexValues {
  /** A wire number of `COVERAGE_STATES`. */
  state: number;
  /** Tenths of dBm; `NO_ESP` when not covered. */
  esp: number;
  witnesses: number;
  /** Hours since 1970. */
  seen: number;
}

export const NO_ESP = -32_768;
const MAX_UINT16 = 65_535;
const MS_PER_HOUR = 3_600_000;

export function valuesFromRow(row: CoverageRow): HexValues {
  return {
    state: COVERAGE_STATES[row.state],
    esp: row.bestEspDdbm ?? NO_ESP,
    witnesses: Math.min(row.witnesses, MAX_UINT16),
    seen: Math.floor(row.lastSeenMs / MS_PER_HOUR),
  };
}

/**
 * Adds a cell to the coarser hexagon it lies in: covered when one of its cells is, the best signal, the most witnesses of one
 * cell, the last time.
 */
export function rollUp(into: HexValues, values: Readonly<HexValues>): void {
  into.state = Math.min(into.state, values.state);
  into.esp = Math.max(into.esp, values.esp);
  into.witnesses = Math.max(into.witnesses, values.witnesses);
  into.seen = Math.max(into.seen, values.seen);
}

/** The value `rollUp` starts from. */
export const emptyValues = (): HexValues => ({
  state: COVERAGE_STATES.surveyed_not_covered,
  esp: NO_ESP,
  witnesses: 0,
  seen: 0,
});
