import type { CellText } from '@sextant/oracle/api';

const DIGITS_BELOW_BASE_CELL = 15;
const CELL_MODE = 1n;

/**
 * The H3 index of a hexagon in a tile. Its feature id is the low 52 bits: the base cell and 15 digits of three bits, of which
 * the unused ones are 7; their number tells the resolution.
 */
export function cellFromFeatureId(id: number): CellText {
  const low = BigInt(id);
  let unused = 0;
  while (unused < DIGITS_BELOW_BASE_CELL && ((low >> BigInt(3 * unused)) & 7n) === 7n) unused += 1;
  const resolution = BigInt(DIGITS_BELOW_BASE_CELL - unused);
  return ((CELL_MODE << 59n) | (resolution << 52n) | low).toString(16);
}

/** The feature id of a cell. */
export const featureIdFromCell = (cell: CellText): number => Number(BigInt(`0x${cell}`) & ((1n << 52n) - 1n));

/** Resolution of a cell. */
export const cellResolution = (cell: CellText): number => Number((BigInt(`0x${cell}`) >> 52n) & 0xfn);

/** Is `cell` the hexagon `outer` or a descendant of it? */
export function liesIn(cell: CellText, outer: CellText): boolean {
  const shift = BigInt(3 * (DIGITS_BELOW_BASE_CELL - cellResolution(outer)));
  const digitsOf = (text: CellText): bigint => (BigInt(`0x${text}`) & ((1n << 52n) - 1n)) >> shift;
  return cellResolution(cell) >= cellResolution(outer) && digitsOf(cell) === digitsOf(outer);
}
