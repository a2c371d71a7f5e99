/**
 * Inside a tile a hexagon is named by the low 52 bits of its H3 index: 7 bits of base cell and 15 digits of 3 bits, the unused
 * ones 7. That is a safe integer, unique over all resolutions, sorts like the index itself, and makes the descendants of a
 * cell one contiguous range (https://h3geo.org/docs/core-library/h3Indexing).
 */
export type HexId = number;

const MAX_RESOLUTION = 15;
const BASE_CELLS = 122;
const LOW_52_BITS = (1n << 52n) - 1n;
const CELL_MODE = 1n;

/** 8^n: the weight of `n` digits. */
const digits = (count: number): number => 8 ** count;

/** A cell that is not of the resolution asked for. */
export class CellResolutionError extends RangeError {
  readonly cell: bigint;
  constructor(cell: bigint, resolution: number) {
    super(`${cell.toString(16)} is no H3 cell of resolution ${resolution}`);
    this.cell = cell;
  }
}

/** @throws CellResolutionError when `cell` is not an H3 cell of `resolution` (mode, resolution and base cell are looked at). */
export function hexIdFromCell(cell: bigint, resolution: number): HexId {
  const mode = (cell >> 59n) & 0x1fn;
  const baseCell = (cell >> 45n) & 0x7fn;
  const wrong = mode !== CELL_MODE || ((cell >> 52n) & 0xfn) !== BigInt(resolution) || baseCell >= BigInt(BASE_CELLS);
  if (wrong) throw new CellResolutionError(cell, resolution);
  return Number(cell & LOW_52_BITS);
}

/** The H3 index as `[low 32 bits, high 32 bits]`, the form h3-js reads without parsing text. */
export function splitLong(id: HexId, resolution: number): [number, number] {
  const high20 = Math.floor(id / 2 ** 32);
  return [id % 2 ** 32, (1 << 27) | (resolution << 20) | high20];
}

/** The ancestor at a coarser `resolution`. */
export function ancestor(id: HexId, resolution: number): HexId {
  const weight = digits(MAX_RESOLUTION - resolution);
  return Math.floor(id / weight) * weight + (weight - 1);
}

/** Lowest and highest id that a descendant of the cell (`id` at `resolution`) has at `finer`. */
export function descendantRange(id: HexId, resolution: number, finer: number): [lowest: HexId, highest: HexId] {
  const weight = digits(MAX_RESOLUTION - resolution);
  const first = Math.floor(id / weight) * weight;
  return [first + digits(MAX_RESOLUTION - finer) - 1, first + weight - 1];
}

/** The seven children at `resolution` + 1; below a pentagon one of them does not exist. */
export function children(id: HexId, resolution: number): HexId[] {
  const weight = digits(MAX_RESOLUTION - resolution);
  const step = weight / 8;
  const first = Math.floor(id / weight) * weight;
  return Array.from({ length: 7 }, (_, digit) => first + (digit + 1) * step - 1);
}

/** The 122 cells of resolution 0. */
export function baseCells(): HexId[] {
  const weight = digits(MAX_RESOLUTION);
  return Array.from({ length: BASE_CELLS }, (_, index) => (index + 1) * weight - 1);
}
