import { cellToBoundary } from 'h3-js';
import type { Boundary, LngLat } from '../../api/index.ts';
import { type HexId, splitLong } from './hex-id.ts';

/**
 * Corners in degrees, anticlockwise, not closed, with every longitude within 180° of the one before it. The ring of a cell
 * that holds a pole is led up to the pole and back, so that it closes on a flat map.
 */
export function cellRing(id: HexId, resolution: number): LngLat[] {
  return unwrap(cellToBoundary(splitLong(id, resolution)));
}

/** Corners of any H3 cell for the public API, rounded to 6 decimals (0.1 m). */
export function cellBoundary(cell: bigint): Boundary {
  const corners = unwrap(cellToBoundary(cell.toString(16)));
  return corners.map(([lng, lat]) => [round(lng), round(lat)]);
}

function unwrap(corners: readonly (readonly [number, number])[]): LngLat[] {
  const ring: LngLat[] = [];
  let last = corners[0]?.[1] ?? 0;
  for (const [lat, lng] of corners) {
    last += shortestTurn(lng - last);
    ring.push([last, lat]);
  }
  const first = ring[0];
  if (first === undefined) return ring;
  const end = last + shortestTurn(first[0] - last);
  if (Math.abs(end - first[0]) > 180) {
    const pole = first[1] > 0 ? 90 : -90;
    ring.push([end, first[1]], [end, pole], [first[0], pole]);
  }
  return ring;
}

const shortestTurn = (degrees: number): number => degrees - 360 * Math.round(degrees / 360);
const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;
