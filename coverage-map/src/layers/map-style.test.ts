import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import { TILE_MAX_ZOOM } from '@sextant/oracle/api';
import type { FeatureCollection } from 'geojson';
import { describe, expect, it } from 'vitest';
import { hatchImage } from './hatch.ts';
import { hexLayers, hexWidthPx, outlineOpacity } from './hex-layers.ts';
import { legendClasses } from './legend.ts';
import { type MapStyleOptions, mapStyle } from './map-style.ts';
import { SIGNAL_COLOURS, THEMES } from './palette.ts';

const none: FeatureCollection = { type: 'FeatureCollection', features: [] };
const options: MapStyleOptions = {
  theme: 'dark',
  origin: 'http://127.0.0.1:8080',
  basemapVersion: 'abc',
  fonts: { 'Noto Sans': [{ url: 'http://127.0.0.1:8080/a.woff2', 'unicode-range': ['U+0000-00FF'] }] },
  coverages: ['live', '12'],
  overlays: { footprint: none, region: none, links: none, hotspots: none, selected: none, flash: none },
  dimmed: false,
  transitionMs: 250,
};

describe.each(THEMES)('the %s style', (theme) => {
  const style = mapStyle({ ...options, theme });

  it('is valid', () => {
    expect(validateStyleMin(style)).toEqual([]);
  });

  it('asks nobody but its own origin', () => {
    const urls = JSON.stringify(style).match(/https?:\/\/[^/"]+/g) ?? [];
    expect(new Set(urls)).toEqual(new Set([options.origin]));
    expect(style.glyphs).toBeUndefined();
  });

  it('has a legend with its own colours and steps', () => {
    expect(legendClasses(style)).toEqual([
      { colour: SIGNAL_COLOURS[theme][0], toDdbm: -1200 },
      { colour: SIGNAL_COLOURS[theme][1], fromDdbm: -1200, toDdbm: -1100 },
      { colour: SIGNAL_COLOURS[theme][2], fromDdbm: -1100, toDdbm: -1000 },
      { colour: SIGNAL_COLOURS[theme][3], fromDdbm: -1000, toDdbm: -900 },
      { colour: SIGNAL_COLOURS[theme][4], fromDdbm: -900 },
    ]);
  });
});

it('has no legend for a style without signal classes', () => {
  expect(() => legendClasses({ layers: [] })).toThrow(TypeError);
  const [first, ...rest] = hexLayers({ theme: 'dark', source: 'x', strength: 1 });
  if (first?.type !== 'fill') throw new Error('The signal layer is not a fill');
  expect(() => legendClasses({ layers: [{ ...first, paint: { 'fill-color': 'red' } }, ...rest] })).toThrow(TypeError);
});

it('outlines hexagons exactly where they are 14 px wide or more', () => {
  const [, , first, ...stops] = outlineOpacity(1) as [string, unknown, number, ...number[]];
  const opacityAt = (zoom: number): number => {
    let opacity = first;
    for (let index = 0; index < stops.length; index += 2)
      if (zoom >= (stops[index] ?? 0)) opacity = stops[index + 1] ?? 0;
    return opacity;
  };
  for (let zoom = 0; zoom < 16; zoom += 0.05) {
    const tileZoom = Math.min(TILE_MAX_ZOOM, Math.floor(zoom));
    const width = hexWidthPx(tileZoom) * 2 ** (zoom - tileZoom);
    if (Math.abs(width - 14) > 0.6) expect(opacityAt(zoom), `zoom ${zoom}: ${width} px`).toBe(width > 14 ? 1 : 0);
  }
});

it('repeats the hatch without a seam', () => {
  const { width, height, data } = hatchImage('#7d8b9c');
  const alpha = (x: number, y: number): number => data[((y % height) * width + (x % width)) * 4 + 3] ?? -1;
  for (let x = 0; x < 2 * width; x += 1) {
    for (let y = 0; y < 2 * height; y += 1) expect(alpha(x, y)).toBe(alpha(x + 1, y + height - 1));
  }
  expect([data[0], data[1], data[2]]).toEqual([0x7d, 0x8b, 0x9c]);
});
