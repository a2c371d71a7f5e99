import type { Boundary, Bounds } from '@sextant/oracle/api';
import type { Polygon } from 'geojson';

/** Closes the ring, as GeoJSON wants it. */
export const polygon = (boundary: Boundary): Polygon => ({
  type: 'Polygon',
  coordinates: [[...boundary, ...boundary.slice(0, 1)].map(([lng, lat]) => [lng, lat])],
});

/** Middle of the corners: near enough to a hexagon's centre to end a line there. */
export function middle(boundary: Boundary): [lng: number, lat: number] {
  const sum = boundary.reduce(([lng, lat], corner) => [lng + corner[0], lat + corner[1]], [0, 0] as [number, number]);
  return [sum[0] / boundary.length, sum[1] / boundary.length];
}

/** The box, made larger where the ring lies outside it; the same box when it does not. */
export function extended(bounds: Bounds | undefined, boundary: Boundary): Bounds | undefined {
  const lngs = boundary.map(([lng]) => lng);
  const lats = boundary.map(([, lat]) => lat);
  const [west, south, east, north] = [Math.min(...lngs), Math.min(...lats), Math.max(...lngs), Math.max(...lats)];
  if (bounds === undefined) return boundary.length === 0 ? undefined : [west, south, east, north];
  // A box across the antimeridian is left as the oracle made it.
  if (bounds[0] > bounds[2]) return bounds;
  const inside = west >= bounds[0] && south >= bounds[1] && east <= bounds[2] && north <= bounds[3];
  if (inside) return bounds;
  return [Math.min(west, bounds[0]), Math.min(south, bounds[1]), Math.max(east, bounds[2]), Math.max(north, bounds[3])];
}

const EARTH_RADIUS_M = 6_371_000;

/** Along the ground, metres. */
export function groundDistanceM(from: readonly [number, number], to: readonly [number, number]): number {
  const radians = Math.PI / 180;
  const [lng, lat] = [(to[0] - from[0]) * radians, (to[1] - from[1]) * radians];
  const chord =
    Math.sin(lat / 2) ** 2 + Math.cos(from[1] * radians) * Math.cos(to[1] * radians) * Math.sin(lng / 2) ** 2;
  return Math.round(2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(chord))));
}
