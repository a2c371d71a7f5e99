/**
 * How fast coverage tiles are made. `node test/dist/bench/tiles.js [hexes]` (default 1,000,000) fills whole resolution-3 cells with
 * coverage, then asks for random covered tiles of every zoom: cold, with known geometry, and cached.
 */
import { type CoverageRow, createLiveTileSource, createTileSource, type TileSource } from '@sextant/oracle/tiles';
import { cellToChildren, cellToLatLng, gridDisk, latLngToCell } from 'h3-js';

const CELLS_PER_RESOLUTION_3 = 117_649;
const TILES_PER_ZOOM = 30;
const hexes = Number(process.argv[2] ?? 1_000_000);

/** mulberry32: the same rows on every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const random = generator(7);
const areas = gridDisk(latLngToCell(48, 12, 3), 12)
  .slice(0, Math.ceil(hexes / CELLS_PER_RESOLUTION_3))
  .sort((a, b) => (a < b ? -1 : 1));

function* rows(): Generator<CoverageRow> {
  for (const area of areas) {
    for (const cell of cellToChildren(area, 9)) {
      const covered = random() < 0.9;
      yield {
        cell: BigInt(`0x${cell}`),
        state: covered ? 'covered' : 'surveyed_not_covered',
        bestEspDdbm: covered ? -1350 + Math.floor(random() * 650) : undefined,
        witnesses: covered ? 1 + Math.floor(random() * 8) : 0,
        lastSeenMs: 1_763_000_000_000 + Math.floor(random() * 86_400_000 * 3),
      };
    }
  }
}

const quantile = (sorted: readonly number[], share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0;
const summary = (times: number[]): string => {
  const sorted = times.toSorted((a, b) => a - b);
  return `${quantile(sorted, 0.5).toFixed(1).padStart(7)} ${quantile(sorted, 0.95).toFixed(1).padStart(7)}`;
};

function randomAddress(z: number): [z: number, x: number, y: number] {
  const area = areas[Math.floor(random() * areas.length)] ?? '';
  const inside = cellToChildren(area, 6);
  const [lat, lng] = cellToLatLng(inside[Math.floor(random() * inside.length)] ?? area);
  const sine = Math.sin((lat * Math.PI) / 180);
  const y = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  return [z, Math.floor((lng / 360 + 0.5) * 2 ** z), Math.floor(y * 2 ** z)];
}

async function timed(source: TileSource, address: [number, number, number]): Promise<{ ms: number; bytes: number }> {
  const start = performance.now();
  const tile = await source.tile(...address);
  return { ms: performance.now() - start, bytes: tile?.gzip.length ?? 0 };
}

async function measureZoom(
  source: ReturnType<typeof createLiveTileSource>,
  z: number,
  touch: () => void,
): Promise<void> {
  const cold: number[] = [];
  const warm: number[] = [];
  const cached: number[] = [];
  let largest = 0;
  for (let count = 0; count < TILES_PER_ZOOM; count += 1) {
    const address = randomAddress(z);
    const first = await timed(source, address);
    cold.push(first.ms);
    largest = Math.max(largest, first.bytes);
    cached.push((await timed(source, address)).ms);
    touch();
    warm.push((await timed(source, address)).ms);
  }
  console.log(
    `z${String(z).padEnd(3)}${summary(cold)}  ${summary(warm)}  ${summary(cached)}  ${String(largest).padStart(8)}`,
  );
}

const start = performance.now();
const all = [...rows()];
const generated = performance.now();
const source = createTileSource(all);
const loaded = performance.now();
console.log(
  `${source.size} hexes; rows made in ${(generated - start).toFixed(0)} ms, loaded and rolled up in ${(loaded - generated).toFixed(0)} ms`,
);
const live = createLiveTileSource(all);
const before = performance.now();
const some = all.filter((_, index) => index % Math.ceil(all.length / 1000) === 0);
live.upsert(some);
console.log(
  `upsert: ${((performance.now() - before) / some.length).toFixed(3)} ms a row; RSS ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB with the rows`,
);
console.log('ms       cold: p50     p95  geometry known: p50 p95  cached: p50 p95  largest gz bytes');
for (let z = 0; z <= 12; z += 1) await measureZoom(live, z, () => live.upsert(all.slice(0, 0).concat(some)));
