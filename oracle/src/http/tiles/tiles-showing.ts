import { TILE_MAX_ZOOM } from '../../api/index.ts';
import { cellRing } from './cell-ring.ts';
import type { ChangedHexes } from './coverage-pyramid.ts';
import { TILE_BUFFER, TILE_EXTENT } from './hex-geometry.ts';
import { worldX, worldY } from './mercator.ts';
import { tileKey } from './tile-address.ts';
import { resolutionAt } from './zoom-rule.ts';

/** Keys of all tiles, at every zoom, in which one of the hexagons is drawn. */
export function tilesShowing(changed: ChangedHexes): Set<string> {
  const keys = new Set<string>();
  for (let z = 0; z <= TILE_MAX_ZOOM; z += 1) {
    const resolution = resolutionAt(z);
    for (const id of changed.get(resolution) ?? []) addTiles(keys, worldBox(cellRing(id, resolution)), z);
  }
  return keys;
}

interface WorldBox {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function worldBox(ring: ReturnType<typeof cellRing>): WorldBox {
  const xs = ring.map(([lng]) => worldX(lng));
  const ys = ring.map(([, lat]) => worldY(lat));
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

function addTiles(keys: Set<string>, box: WorldBox, z: number): void {
  const count = 2 ** z;
  // One unit more than the buffer, for rounding.
  const buffer = (TILE_BUFFER + 1) / TILE_EXTENT;
  const column = (x: number): number => ((x % count) + count) % count;
  const firstX = Math.floor(box.left * count - buffer);
  const lastX = Math.min(Math.floor(box.right * count + buffer), firstX + count - 1);
  const firstY = Math.max(0, Math.floor(box.top * count - buffer));
  const lastY = Math.min(count - 1, Math.floor(box.bottom * count + buffer));
  for (let x = firstX; x <= lastX; x += 1) {
    for (let y = firstY; y <= lastY; y += 1) keys.add(tileKey({ z, x: column(x), y }));
  }
}
