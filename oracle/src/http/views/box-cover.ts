import { type Bounds, COVERAGE_RESOLUTION } from '../../api/index.ts';
import { relate } from '../tiles/cells-near.ts';
import { ancestor, baseCells, children, type HexId } from '../tiles/hex-id.ts';
import type { GeoBox } from '../tiles/mercator.ts';

/** More cells make a tighter cover and a longer query. */
const CELLS_MAX = 150;
const CELL_MODE = 1n << 59n;
const LOW_52_BITS = (1n << 52n) - 1n;

export const toBox = ([west, south, east, north]: Bounds): GeoBox => ({
  west,
  south,
  east: east < west ? east + 360 : east,
  north,
});

/** Cells that together hold all that may touch the box; undefined when that is the whole world. */
export function coverBox(box: GeoBox): bigint[] | undefined {
  if (box.east - box.west >= 360 && box.south <= -90 && box.north >= 90) return undefined;
  const inside: bigint[] = [];
  let touching: HexId[] = baseCells();
  for (let resolution = 0; ; resolution++) {
    const next: HexId[] = [];
    for (const id of touching) {
      const relation = relate(id, resolution, box);
      if (relation === 'inside') inside.push(toCell(id, resolution));
      else if (relation === 'touching') next.push(id);
    }
    const isEnough = resolution === COVERAGE_RESOLUTION - 1 || inside.length + 7 * next.length > CELLS_MAX;
    if (isEnough) return [...inside, ...next.map((id) => toCell(id, resolution))];
    touching = next.flatMap((id) => children(id, resolution));
  }
}

/** True when the cell, of resolution 8 or finer, may touch the box; a few that lie just outside it do too. */
export function mayTouch(cell: bigint, box: GeoBox): boolean {
  const resolution = Math.min(Number((cell >> 52n) & 15n), COVERAGE_RESOLUTION);
  return relate(ancestor(Number(cell & LOW_52_BITS), resolution), resolution, box) !== 'apart';
}

const toCell = (id: HexId, resolution: number): bigint => CELL_MODE | (BigInt(resolution) << 52n) | BigInt(id);
