/** H3 index: 4 bits of resolution above 7 of base cell and 15 digits of 3 bits. */
const RESOLUTION_SHIFT = 52n;
const RESOLUTION_MASK = 0xfn << RESOLUTION_SHIFT;
const DIGITS = 15;

/** All cells from `first` to `last`, both included. */
export interface CellRange {
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * The cells of `resolution` that lie in `cell`: H3 numbers them without a gap and nothing else is between them, so that a
 * view of the map is a range scan of an index. Undefined when `cell` is finer than that.
 */
export function cellsWithin(cell: bigint, resolution: number): CellRange | undefined {
  const own = Number((cell & RESOLUTION_MASK) >> RESOLUTION_SHIFT);
  if (own > resolution) return undefined;
  let first = (cell & ~RESOLUTION_MASK) | (BigInt(resolution) << RESOLUTION_SHIFT);
  let last = first;
  for (let digit = own + 1; digit <= resolution; digit++) {
    const shift = BigInt(3 * (DIGITS - digit));
    first &= ~(7n << shift);
    last = (last & ~(7n << shift)) | (6n << shift);
  }
  return { first, last };
}
