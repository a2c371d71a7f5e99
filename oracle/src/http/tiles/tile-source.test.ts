import { gunzipSync } from 'node:zlib';
import { VectorTile, type VectorTileFeature } from '@mapbox/vector-tile';
import fc from 'fast-check';
import { cellToBoundary, cellToChildren, cellToParent, getPentagons, gridDisk, latLngToCell } from 'h3-js';
import { PbfReader } from 'pbf';
import { describe, expect, it } from 'vitest';
import { TILE_LAYER, TILE_MAX_ZOOM } from '../../api/index.ts';
import type { CoverageRow } from './coverage-row.ts';
import { CellResolutionError } from './hex-id.ts';
import { createLiveTileSource, createTileSource, type TileSource } from './tile-source.ts';
import { resolutionAt } from './zoom-rule.ts';

const EXTENT = 4096;
const HOUR_MS = 3_600_000;

function row(cell: string, index: number): CoverageRow {
  const covered = index % 5 !== 0;
  return {
    cell: BigInt(`0x${cell}`),
    state: covered ? 'covered' : 'surveyed_not_covered',
    ...(covered ? { bestEspDdbm: -1300 + ((index * 37) % 600) } : {}),
    witnesses: covered ? 1 + (index % 7) : 0,
    lastSeenMs: (480_000 + (index % 300)) * HOUR_MS + 1234,
  };
}

const around = (lat: number, lng: number, rings: number): string[] => gridDisk(latLngToCell(lat, lng, 9), rings);

/** Places where maps go wrong: the antimeridian, both far ends of the projection, twelve pentagons, and an ordinary town. */
const CELLS = [
  ...new Set([
    ...around(49.19, 16.61, 12),
    ...around(-16.8, 180, 6),
    ...around(66.1, -179.99, 4),
    ...around(84.9, 12, 3),
    ...around(-84.9, -150, 3),
    ...around(0, 0, 3),
    ...getPentagons(9).flatMap((cell) => gridDisk(cell, 2)),
  ]),
];
const ROWS = CELLS.map(row);
/** 81f2bffffffffff, the hexagon of resolution 1 with the south pole in it. */
const SOUTH_POLE_HEXAGON = Number(BigInt('0x81f2bffffffffff') & 0xf_ffff_ffff_ffffn);

const boundaries = new Map<string, [number, number][]>();
function boundaryOf(cell: string): [number, number][] {
  const known = boundaries.get(cell) ?? cellToBoundary(cell, true);
  boundaries.set(cell, known);
  return known;
}

interface Expected {
  readonly id: number;
  readonly rows: CoverageRow[];
  readonly rings: { x: number; y: number }[][];
}

/** The tile worked out again from h3-js and textbook formulas, without any index. */
function expectedTile(rows: readonly CoverageRow[], z: number, x: number, y: number): Map<number, Expected> {
  const byParent = new Map<string, CoverageRow[]>();
  for (const each of rows) {
    const parent = cellToParent(each.cell.toString(16), resolutionAt(z));
    byParent.set(parent, [...(byParent.get(parent) ?? []), each]);
  }
  const expected = new Map<number, Expected>();
  for (const [cell, members] of byParent) {
    const id = Number(BigInt(`0x${cell}`) & 0xf_ffff_ffff_ffffn);
    const boundary = boundaryOf(cell);
    const jumps = Math.max(...boundary.map(([lng]) => lng)) - Math.min(...boundary.map(([lng]) => lng)) > 180;
    const rings = [-360, 0, 360]
      .map((turn) =>
        boundary.slice(0, -1).map(([lng, lat]) => {
          const sine = Math.sin((lat * Math.PI) / 180);
          return {
            x: (((jumps && lng < 0 ? lng + 360 : lng) + turn + 180) / 360) * 2 ** z * EXTENT - x * EXTENT,
            y: (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * 2 ** z * EXTENT - y * EXTENT,
          };
        }),
      )
      .filter((ring) => {
        const xs = ring.map((point) => point.x);
        const ys = ring.map((point) => point.y);
        return Math.max(...xs) >= 0 && Math.min(...xs) <= EXTENT && Math.max(...ys) >= 0 && Math.min(...ys) <= EXTENT;
      });
    if (rings.length > 0) expected.set(id, { id, rows: members, rings });
  }
  return expected;
}

async function features(source: TileSource, z: number, x: number, y: number): Promise<Map<number, VectorTileFeature>> {
  const tile = await source.tile(z, x, y);
  if (tile === null) return new Map();
  const layer = new VectorTile(new PbfReader(gunzipSync(tile.gzip))).layers[TILE_LAYER];
  expect(layer?.extent).toBe(EXTENT);
  expect(layer?.version).toBe(2);
  return new Map(
    Array.from({ length: layer?.length ?? 0 }, (_, index) => {
      const feature = layer?.feature(index);
      if (feature?.id === undefined) throw new Error(`Feature ${index} has no id`);
      return [feature.id, feature];
    }),
  );
}

/** Tiles that hold one of the test's places, one a zoom and place. */
function interestingTiles(): { z: number; x: number; y: number }[] {
  const tiles = new Map<string, { z: number; x: number; y: number }>();
  for (let z = 0; z <= TILE_MAX_ZOOM; z += 1) {
    for (const cell of CELLS.filter((_, index) => index % 67 === 0)) {
      const [lat, lng] = cellToBoundary(cell)[0] ?? [0, 0];
      const sine = Math.sin((lat * Math.PI) / 180);
      const x = Math.min(2 ** z - 1, Math.floor(((lng + 180) / 360) * 2 ** z));
      const y = Math.floor((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * 2 ** z);
      tiles.set(`${z}/${x}/${y}`, { z, x, y });
    }
  }
  return [...tiles.values()].filter(({ z, y }) => y >= 0 && y < 2 ** z);
}

describe('tiles of an epoch', () => {
  const source = createTileSource(ROWS);

  it('hold the hexagons h3-js draws there, and no others, at every zoom and place', async () => {
    let hexes = 0;
    for (const { z, x, y } of interestingTiles()) {
      const expected = expectedTile(ROWS, z, x, y);
      const found = await features(source, z, x, y);
      expect(
        [...expected.keys()].filter((id) => !found.has(id)),
        `missing in ${z}/${x}/${y}`,
      ).toEqual([]);
      for (const [id, feature] of found) {
        const wanted = expected.get(id);
        if (wanted === undefined) {
          expect(inBufferOnly(feature), `hexagon ${id} is only in the buffer of ${z}/${x}/${y}`).toBe(true);
          continue;
        }
        hexes += 1;
        if (id === SOUTH_POLE_HEXAGON) continue;
        expectSameShape(feature, wanted.rings, `${z}/${x}/${y}`);
      }
    }
    expect(hexes).toBeGreaterThan(1000);
  });

  it('sum up what lies in a hexagon', async () => {
    for (const { z, x, y } of interestingTiles()) {
      const expected = expectedTile(ROWS, z, x, y);
      for (const [id, feature] of await features(source, z, x, y)) {
        const wanted = expected.get(id);
        if (wanted === undefined) continue;
        const covered = wanted.rows.filter((each) => each.state === 'covered');
        expect(feature.properties).toEqual({
          state: covered.length > 0 ? 1 : 2,
          ...(covered.length > 0 ? { esp: Math.max(...covered.map((each) => each.bestEspDdbm ?? -9999)) } : {}),
          witnesses: Math.max(...wanted.rows.map((each) => each.witnesses)),
          seen: Math.max(...wanted.rows.map((each) => Math.floor(each.lastSeenMs / HOUR_MS))),
        });
      }
      if (z > 6) break;
    }
  });

  it('draw a hexagon on the antimeridian at both ends of the world', async () => {
    const found = await features(source, 0, 0, 0);
    const twice = [...found.values()].filter((feature) => feature.loadGeometry().length === 2);
    expect(twice.length).toBeGreaterThan(0);
    for (const feature of twice) {
      const [one, other] = feature.loadGeometry();
      const middle = (ring: { x: number }[] | undefined): number =>
        (ring ?? []).reduce((sum, p) => sum + p.x, 0) / (ring?.length ?? 1);
      expect(Math.abs(Math.abs(middle(one) - middle(other)) - EXTENT)).toBeLessThan(2);
    }
  });

  it('draw the hexagon round a pole as the whole lower edge of the world', async () => {
    const rings = (await features(source, 0, 0, 0)).get(SOUTH_POLE_HEXAGON)?.loadGeometry() ?? [];
    const spans = rings.map((ring) => [Math.min(...ring.map(({ x }) => x)), Math.max(...ring.map(({ x }) => x))]);
    const columns = Array.from({ length: EXTENT }, (_, x) => x);
    expect(columns.every((x) => spans.some(([left = 0, right = 0]) => left <= x && x <= right))).toBe(true);
    expect(Math.max(...rings.flatMap((ring) => ring.map(({ y }) => y)))).toBe(2 * EXTENT - 1);
  });

  it('are the same whatever the order of the rows', async () => {
    const shuffled = createTileSource([...ROWS].sort((a, b) => Number((a.cell % 9973n) - (b.cell % 9973n))));
    expect(shuffled.hash).toBe(source.hash);
    expect((await shuffled.tile(3, 4, 2))?.etag).toBe((await source.tile(3, 4, 2))?.etag);
  });

  it('are null where nothing is known, and outside the world and its zooms', async () => {
    expect(await source.tile(12, 100, 1000)).toBeNull();
    for (const [z, x, y] of [
      [-1, 0, 0],
      [13, 0, 0],
      [3, 8, 0],
      [3, 0, -1],
      [0.5, 0, 0],
      [Number.NaN, 0, 0],
      [2, 0, 2 ** 40],
    ] as const) {
      expect(await source.tile(z, x, y)).toBeNull();
    }
  });

  it('refuse two rows for one cell, and cells of another resolution', () => {
    const [first] = ROWS;
    if (first === undefined) throw new Error('no rows');
    expect(() => createTileSource([first, first])).toThrow(RangeError);
    expect(() => createTileSource([{ ...first, cell: 0x881e24aa8dfffffn }])).toThrow(CellResolutionError);
    expect(() => createTileSource([{ ...first, cell: -5n }])).toThrow(CellResolutionError);
  });
});

describe('live tiles', () => {
  const town = cellToChildren(latLngToCell(49.19, 16.61, 6), 9);
  const fiji = around(-16.8, 180, 8);
  const change = fc.record({ cell: fc.constantFrom(...town, ...fiji), seed: fc.integer({ min: 1, max: 500 }) });
  const changes = fc.uniqueArray(change, { selector: ({ cell }) => cell, maxLength: 60 });

  it('after any changes equal the tiles of the final rows, also those that had been looked at before', async () => {
    const start = [...town.slice(0, 200), ...fiji.slice(0, 60)].map(row);
    const addresses = [
      ...interestingTiles().filter(({ z, x }) => z < 12 && (x + z) % 3 === 0),
      { z: 12, x: 0, y: 2241 },
      { z: 12, x: 4095, y: 2241 },
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(changes, { maxLength: 3 }), async (steps) => {
        const live = createLiveTileSource(start);
        const rows = new Map(start.map((each) => [each.cell, each]));
        for (const step of steps) {
          await Promise.all(addresses.map(({ z, x, y }) => live.tile(z, x, y)));
          const update = step.map(({ cell, seed }) => row(cell, seed));
          live.upsert(update);
          for (const each of update) rows.set(each.cell, each);
        }
        const still = createTileSource(rows.values());
        expect(live.size).toBe(still.size);
        expect(live.hash).toBe(still.hash);
        for (const { z, x, y } of addresses) {
          expect((await live.tile(z, x, y))?.etag, `${z}/${x}/${y}`).toBe((await still.tile(z, x, y))?.etag);
        }
      }),
      { numRuns: 8 },
    );
  });

  it('do not keep a tile that was being made when its hexagons changed', async () => {
    const [first, ...rest] = town.map(row);
    if (first === undefined) throw new Error('no rows');
    const live = createLiveTileSource(rest);
    const before = live.tile(4, 8, 5);
    live.upsert([{ ...first, state: 'covered', bestEspDdbm: -300 }]);
    const after = await live.tile(4, 8, 5);
    expect((await before)?.etag).not.toBe(after?.etag);
    expect((await live.tile(4, 8, 5))?.etag).toBe(after?.etag);
  });
});

/** Does it touch the 64 units of buffer round the tile, but not the tile? */
function inBufferOnly(feature: VectorTileFeature): boolean {
  const [left = 0, top = 0, right = 0, bottom = 0] = feature.bbox();
  return right <= 1 || left >= EXTENT - 1 || bottom <= 1 || top >= EXTENT - 1;
}

/** Every ring in the tile has an expected one whose corners it repeats within a unit, clamped to one tile outside. */
function expectSameShape(
  feature: VectorTileFeature,
  rings: readonly { x: number; y: number }[][],
  place: string,
): void {
  const found = feature.loadGeometry().map((ring) => ring.slice(0, -1));
  expect(found.length, place).toBeGreaterThanOrEqual(rings.length);
  const clamp = (value: number): number => Math.min(2 * EXTENT - 1, Math.max(-EXTENT, value));
  for (const ring of rings) {
    const matches = found.some((candidate) =>
      ring.every((point) =>
        candidate.some(({ x, y }) => Math.abs(x - clamp(point.x)) <= 1 && Math.abs(y - clamp(point.y)) <= 1),
      ),
    );
    expect(matches, `${place}: hexagon ${feature.id}`).toBe(true);
  }
}
