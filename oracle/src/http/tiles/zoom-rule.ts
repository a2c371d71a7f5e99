import { TILE_RESOLUTIONS } from '../../api/index.ts';

export const COARSEST_RESOLUTION = TILE_RESOLUTIONS[0];

/** Resolution of the hexagons in a tile of `zoom` (0–12). */
export function resolutionAt(zoom: number): number {
  const resolution = TILE_RESOLUTIONS[zoom];
  if (resolution === undefined) throw new RangeError(`No tiles at zoom ${zoom}`);
  return resolution;
}
