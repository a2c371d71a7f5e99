import { PbfWriter } from 'pbf';
import type { LngLat } from '../../api/index.ts';
import { cellRing } from './cell-ring.ts';
import type { HexId } from './hex-id.ts';
import { worldX, worldY } from './mercator.ts';
import type { TileAddress } from './tile-address.ts';

/** Units across a tile. */
export const TILE_EXTENT = 4096;
/** A hexagon that comes within this many units of the tile is in it, so that outlines meet at the seams. */
export const TILE_BUFFER = 64;

/** Geometry commands of the Mapbox Vector Tile specification 2.1, §4.3.1. */
const MOVE_TO = 1;
const LINE_TO = 2;
const CLOSE_PATH = 7;
const command = (id: number, count: number): number => (count << 3) | id;
const zigzag = (value: number): number => (value << 1) ^ (value >> 31);

const NONE = new Uint8Array(0);

/**
 * The hexagon as the packed geometry of a tile feature: one clockwise ring, or two where the tile shows it at both ends of the
 * world. Empty when it does not come near the tile.
 */
export function hexGeometry(id: HexId, resolution: number, address: TileAddress): Uint8Array {
  const ring = cellRing(id, resolution);
  const writer = new PbfWriter(new Uint8Array(64));
  const cursor = { x: 0, y: 0 };
  for (const turn of [-1, 0, 1]) {
    const points = projectRing(ring, turn, address);
    if (points !== undefined) writeRing(writer, points, cursor);
  }
  return writer.pos === 0 ? NONE : writer.finish().slice();
}

/** Ring in tile units, clockwise on the screen, without repeated points; undefined when it does not touch the tile. */
function projectRing(ring: readonly LngLat[], turn: number, { z, x, y }: TileAddress): number[] | undefined {
  const scale = 2 ** z * TILE_EXTENT;
  const points: number[] = [];
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (let index = ring.length - 1; index >= 0; index -= 1) {
    const [lng, lat] = ring[index] ?? [0, 0];
    const px = Math.round((worldX(lng) + turn) * scale - x * TILE_EXTENT);
    const py = Math.round(worldY(lat) * scale - y * TILE_EXTENT);
    left = Math.min(left, px);
    right = Math.max(right, px);
    top = Math.min(top, py);
    bottom = Math.max(bottom, py);
    points.push(clamp(px), clamp(py));
  }
  const end = TILE_EXTENT + TILE_BUFFER;
  const apart = right < -TILE_BUFFER || left > end || bottom < -TILE_BUFFER || top > end;
  return apart ? undefined : clockwise(withoutRepeats(points));
}

/** Renderers keep coordinates in 16 bits: nothing may lie more than one tile outside. */
const clamp = (value: number): number => Math.min(2 * TILE_EXTENT - 1, Math.max(-TILE_EXTENT, value));

function withoutRepeats(points: readonly number[]): number[] {
  const kept: number[] = [];
  for (let index = 0; index < points.length; index += 2) {
    const px = points[index] ?? 0;
    const py = points[index + 1] ?? 0;
    if (kept.length === 0 || px !== kept[kept.length - 2] || py !== kept[kept.length - 1]) kept.push(px, py);
  }
  return kept;
}

/** A ring of positive area by the surveyor's formula (y downwards), or undefined when it has none. */
function clockwise(points: number[]): number[] | undefined {
  let doubleArea = 0;
  for (let index = 0; index < points.length; index += 2) {
    const next = (index + 2) % points.length;
    const [x1 = 0, y1 = 0] = [points[index], points[index + 1]];
    const [x2 = 0, y2 = 0] = [points[next], points[next + 1]];
    doubleArea += x1 * y2 - x2 * y1;
  }
  if (doubleArea === 0) return undefined;
  if (doubleArea > 0) return points;
  const reversed: number[] = [];
  for (let index = points.length - 2; index >= 0; index -= 2) reversed.push(points[index] ?? 0, points[index + 1] ?? 0);
  return reversed;
}

function writeRing(writer: PbfWriter, points: readonly number[], cursor: { x: number; y: number }): void {
  for (let index = 0; index < points.length; index += 2) {
    if (index === 0) writer.writeVarint(command(MOVE_TO, 1));
    if (index === 2) writer.writeVarint(command(LINE_TO, points.length / 2 - 1));
    const px = points[index] ?? 0;
    const py = points[index + 1] ?? 0;
    writer.writeVarint(zigzag(px - cursor.x));
    writer.writeVarint(zigzag(py - cursor.y));
    cursor.x = px;
    cursor.y = py;
  }
  writer.writeVarint(command(CLOSE_PATH, 1));
}
