import { parentCell, resolutionOf } from './parent-cell.ts';

/** The cell a sender's transmissions cover: its own at the coverage resolution; none where it names a coarser one. */
export function coveredCell(cell: bigint, resolution: number): bigint | undefined {
  return resolutionOf(cell) < resolution ? undefined : parentCell(cell, resolution);
}
