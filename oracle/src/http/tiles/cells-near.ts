import { cellToLatLng } from 'h3-js';
import type { CoverageLevel } from './coverage-level.ts';
import type { HexValues } from './coverage-row.ts';
import { baseCells, children, descendantRange, type HexId, splitLong } from './hex-id.ts';
import type { GeoBox } from './mercator.ts';

/**
 * Radius in degrees of a circle round a cell's centre that holds all its descendants, for resolutions 0–9: the average edge
 * (https://h3geo.org/docs/core-library/restable), 40 % more for cells that are larger or less regular than the average and
 * for children that stick out of their parent.
 */
const EDGE_KM = [1281.256, 483.057, 182.513, 68.979, 26.072, 9.854, 3.725, 1.406, 0.531, 0.201] as const;
const KM_PER_DEGREE = 111.195;
const CIRCLE_MARGIN = 1.4;

export const circleRadiusDegrees = (resolution: number): number =>
  ((EDGE_KM[resolution] ?? EDGE_KM[0]) * CIRCLE_MARGIN) / KM_PER_DEGREE;

/**
 * Calls `visit` for every hexagon of the level that may touch the box, ascending by id: all that do, and a few that lie just
 * outside it. Descends from the base cells and leaves out every branch that has no data or is too far away.
 */
export function visitCellsNear(
  level: CoverageLevel,
  box: GeoBox,
  visit: (id: HexId, values: Readonly<HexValues>) => void,
): void {
  const descend = (id: HexId, resolution: number): void => {
    const [lowest, highest] = descendantRange(id, resolution, level.resolution);
    if (!level.hasAny(lowest, highest)) return;
    const relation = relate(id, resolution, box);
    if (relation === 'apart') return;
    if (relation === 'inside' || resolution === level.resolution) level.visitRange(lowest, highest, visit);
    else for (const child of children(id, resolution)) descend(child, resolution + 1);
  };
  for (const id of baseCells()) descend(id, 0);
}

/** Where the circle round the cell lies: in the box, outside it, or neither for certain. */
export function relate(id: HexId, resolution: number, box: GeoBox): 'inside' | 'apart' | 'touching' {
  const [lat, lng] = cellToLatLng(splitLong(id, resolution));
  const radius = circleRadiusDegrees(resolution);
  if (lat - radius > box.north || lat + radius < box.south) return 'apart';
  const reach = longitudeReach(lat, radius);
  const halfWidth = (box.east - box.west) / 2;
  const middle = (box.east + box.west) / 2;
  const offset = Math.abs(lng - middle - 360 * Math.round((lng - middle) / 360));
  if (offset - reach > halfWidth) return 'apart';
  const inLatitude = lat - radius >= box.south && lat + radius <= box.north;
  return inLatitude && offset + reach <= halfWidth ? 'inside' : 'touching';
}

/** How far east and west a circle reaches, degrees of longitude. */
function longitudeReach(lat: number, radius: number): number {
  if (Math.abs(lat) + radius >= 90) return 360;
  const ratio = Math.sin((radius * Math.PI) / 180) / Math.cos((lat * Math.PI) / 180);
  return ratio >= 1 ? 360 : (Math.asin(ratio) * 180) / Math.PI;
}
