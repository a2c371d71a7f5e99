/** Layout of an H3 cell index: resolution in bits 52–55, then fifteen digits of three bits, the finest lowest. */
const RESOLUTION_SHIFT = 52n;
const RESOLUTION_MASK = 0xfn << RESOLUTION_SHIFT;
const FINEST = 15;

/** Resolution of a valid cell, 0 … 15. */
export function resolutionOf(cell: bigint): number {
  return Number((cell & RESOLUTION_MASK) >> RESOLUTION_SHIFT);
}

/**
 * The cell of a coarser (or the same) resolution that a valid cell belongs to: unused digits are 7. Bit operations only,
 * no library. Throws RangeError for a finer resolution.
 */
export function parentCell(cell: bigint, resolution: number): bigint {
  if (resolution < 0 || resolution > resolutionOf(cell)) {
    throw new RangeError(`cell ${cell.toString(16)} has no parent of resolution ${resolution}`);
  }
  const unused = (1n << BigInt(3 * (FINEST - resolution))) - 1n;
  return (cell & ~RESOLUTION_MASK) | (BigInt(resolution) << RESOLUTION_SHIFT) | unused;
}
