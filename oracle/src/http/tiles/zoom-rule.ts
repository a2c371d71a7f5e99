/**
 * H3 resolution shown at each tile zoom: a hexagon is then about 9–31 px wide on the screen (512 px tiles), and a fully
 * covered tile has 900–4,900 of them. Deeper views stretch the last zoom.
 */
const RESOLUTIONS = [1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 8, 9, 9] as const;

export const COARSEST_RESOLUTION = 1;

/** Resolution of the hexagons in a tile of `zoom` (0–12). */
export function resolutionAt(zoom: number): number {
  const resolution = RESOLUTIONS[zoom];
  if (resolution === undefined) throw new RangeError(`No tiles at zoom ${zoom}`);
  return resolution;
}
