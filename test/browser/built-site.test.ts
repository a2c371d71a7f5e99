import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { VectorTile } from '@mapbox/vector-tile';
import { type BuiltSite, buildSite } from '@sextant/coverage-map/build';
import { PbfReader } from 'pbf';
import { beforeAll, describe, expect, it } from 'vitest';

const MAX_SHELL_BYTES = 25_000;
const MAX_SCRIPT_BYTES = 480_000;
const MAX_BASEMAP_BYTES = 2_500_000;
const EXTENT = 4096;

let built: BuiltSite;

beforeAll(async () => {
  built = await buildSite();
}, 120_000);

const gzipped = (file: string): number => gzipSync(readFileSync(file), { level: 9 }).length;
const assets = (): string[] =>
  readdirSync(join(built.siteDir, 'assets')).map((name) => join(built.siteDir, 'assets', name));

describe('the site', () => {
  it('paints its shell from little, and all of its code is not much', () => {
    const html = readFileSync(join(built.siteDir, 'index.html'), 'utf8');
    const shell = [...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map(([, path = '']) =>
      join(built.siteDir, path),
    );
    expect(shell.length).toBeGreaterThanOrEqual(2);
    const shellBytes = gzipSync(html).length + shell.reduce((sum, file) => sum + gzipped(file), 0);
    const scripts = assets().filter((file) => file.endsWith('.js'));
    const scriptBytes = scripts.reduce((sum, file) => sum + gzipped(file), 0);
    console.log(`gzipped: shell ${shellBytes} B, all scripts ${scriptBytes} B`);
    expect(shellBytes).toBeLessThanOrEqual(MAX_SHELL_BYTES);
    expect(scriptBytes).toBeLessThanOrEqual(MAX_SCRIPT_BYTES);
    expect(shell.some((file) => readFileSync(file, 'utf8').includes('maplibregl-canvas-container'))).toBe(true);
    expect(scripts.filter((file) => statSync(file).size > 400_000)).toHaveLength(2);
  });

  it('has nothing inside that a strict content security policy forbids', () => {
    const html = readFileSync(join(built.siteDir, 'index.html'), 'utf8');
    expect(html).not.toMatch(/<style|style="|<script>|javascript:/);
    for (const file of assets().filter((name) => name.endsWith('.css'))) {
      expect(readFileSync(file, 'utf8')).not.toMatch(/data:|https?:/);
    }
  });

  it('is not built again when nothing has changed', async () => {
    const steps: string[] = [];
    const again = await buildSite({ progress: ({ step }) => steps.push(step) });
    expect(steps).toEqual([]);
    expect(again).toEqual(built);
  });
});

/** Rings of a layer's polygons in units of the tile, and the properties of its features. */
function readLayer(z: number, x: number, y: number, name: string) {
  const bytes = gunzipSync(readFileSync(join(built.basemapDir, `${z}/${x}/${y}.mvt.gz`)));
  const layer = new VectorTile(new PbfReader(bytes)).layers[name];
  return Array.from({ length: layer?.length ?? 0 }, (_, index) => {
    const feature = layer?.feature(index);
    if (feature === undefined) throw new Error(`No feature ${index}`);
    return { properties: feature.properties, rings: feature.loadGeometry() };
  });
}

/** Is there land at a place? Even–odd over all rings, so that holes count. */
function isLand(z: number, lat: number, lng: number): boolean {
  const sine = Math.sin((lat * Math.PI) / 180);
  const worldX = ((lng + 180) / 360) * 2 ** z;
  const worldY = (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * 2 ** z;
  const [x, y] = [Math.floor(worldX), Math.floor(worldY)];
  const [px, py] = [(worldX - x) * EXTENT, (worldY - y) * EXTENT];
  let inside = false;
  for (const ring of readLayer(z, x, y, 'land').flatMap(({ rings }) => rings)) {
    for (const [index, one] of ring.entries()) {
      const other = ring[(index + 1) % ring.length] ?? one;
      if (one.y > py !== other.y > py && px < ((other.x - one.x) * (py - one.y)) / (other.y - one.y) + one.x)
        inside = !inside;
    }
  }
  return inside;
}

describe('the basemap', () => {
  it('is small', () => {
    console.log(`basemap: ${built.basemap.tiles} tiles, ${built.basemap.bytes} B gzipped`);
    expect(built.basemap.tiles).toBe(5461);
    expect(built.basemap.bytes).toBeLessThanOrEqual(MAX_BASEMAP_BYTES);
  });

  it.each([
    ['Paris', 48.85, 2.35, true],
    ['Moscow', 55.75, 37.6, true],
    ['Nairobi', -1.29, 36.8, true],
    ['Denver', 39.7, -105, true],
    ['Canberra', -35.3, 149.1, true],
    ['Chukotka, beyond the antimeridian', 66.5, -175, true],
    ['Viti Levu, Fiji', -17.8, 178, true],
    ['the sea west of Fiji at its latitude', -16.9, 100, false],
    ['the Atlantic at Fiji’s latitude', -16.5, -20, false],
    ['the middle of the Atlantic', 35, -40, false],
    ['the Caspian Sea', 42, 50.5, false],
    ['the Arctic Ocean at Wrangel Island’s latitude', 71, -20, false],
  ])('knows whether %s is land, at zooms 0, 2 and 6', (_, lat, lng, land) => {
    expect([0, 2, 6].map((z) => isLand(z, lat, lng))).toEqual([land, land, land]);
  });

  it('names countries first and more places the nearer one comes', () => {
    const names = (z: number, x: number, y: number, layer: string): unknown[] =>
      readLayer(z, x, y, layer).map(({ properties }) => properties['name']);
    expect([0, 1].flatMap((x) => [0, 1].flatMap((y) => names(1, x, y, 'countries')))).toEqual(
      expect.arrayContaining(['Russia', 'Brazil']),
    );
    expect(names(4, 8, 5, 'places')).toContain('Vienna');
    expect(names(4, 8, 5, 'places')).not.toContain('Šlapanice');
    expect(names(6, 34, 21, 'places')).toEqual(expect.arrayContaining(['Brno', 'Šlapanice']));
    expect(readLayer(6, 34, 21, 'places').every(({ properties }) => !('minzoom' in properties))).toBe(true);
  });

  it('has an empty tile where there is only sea', () => {
    expect(gunzipSync(readFileSync(join(built.basemapDir, '6/5/30.mvt.gz')))).toHaveLength(0);
  });
});
