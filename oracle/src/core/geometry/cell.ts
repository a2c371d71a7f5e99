import { cellToLatLng, getResolution, isValidCell } from 'h3-js';
import type { CellCache, CellCentre } from './cell-cache.ts';
import { unitVector } from './distance.ts';

const E7 = 10_000_000;
/** An H3 index has 64 bits, the highest always 0. */
const HIGHEST_INDEX = (1n << 63n) - 1n;

/**
 * The centre of an H3 cell, or undefined for a number that is no cell. h3-js 4.5.0 computes it in floating point with
 * the engine's trigonometry; rounding to 10^-7 degrees (11 mm) at once makes it the same everywhere.
 */
export function findCellCentre(cell: bigint, cache: CellCache): CellCentre | undefined {
  const known = cache.get(cell);
  if (known) return known;
  const text = findCellText(cell);
  if (text === undefined) return undefined;
  const [lat, lng] = cellToLatLng(text);
  const latE7 = Math.round(lat * E7);
  const lngE7 = Math.round(lng * E7);
  const centre = { resolution: getResolution(text), latE7, lngE7, ...unitVector(latE7, lngE7) };
  cache.set(cell, centre);
  return centre;
}

/** The resolution of a cell, 0 … 15, or undefined for a number that is no cell. */
export function findCellResolution(cell: bigint): number | undefined {
  const text = findCellText(cell);
  return text === undefined ? undefined : getResolution(text);
}

/** The cell as h3-js wants it, lower-case hex; undefined for a number that is no cell. */
function findCellText(cell: bigint): string | undefined {
  if (cell < 0n || cell > HIGHEST_INDEX) return undefined;
  const text = cell.toString(16);
  return isValidCell(text) ? text : undefined;
}
