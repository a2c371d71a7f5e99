import type { HexView, HotspotSummary } from '@sextant/oracle/api';
import { expect, it } from 'vitest';
import { middle } from '../layers/geometry.ts';
import { type AppState, LOADING, ready } from '../state/app-state.ts';
import { createSceneBuilder } from './map-scene.ts';

const boundary = [
  [16, 49],
  [16.002, 49.001],
  [16.001, 49.003],
] as const;
const hotspot = { id: 'hs1a', name: 'a', cell: 'c', boundary, status: 'active' } as unknown as HotspotSummary;
const state = {
  view: { list: 'live' },
  systemTheme: 'light',
  hotspots: new Map([['hs1a', hotspot]]),
} as unknown as AppState;

it('is the same scene while nothing on the map changes', () => {
  const scene = createSceneBuilder();
  const first = scene(state);
  expect(scene({ ...state, nowMs: 5, announcement: 'x' })).toBe(first);
  expect(scene({ ...state, view: { list: 'epochs', theme: 'light' } })).toBe(first);
  expect(scene({ ...state, view: { list: 'live', theme: 'dark' } })).not.toBe(first);
  expect(scene({ ...state, view: { list: 'live', epoch: 3 } }).coverage).toBe('3');
});

it('draws hotspots as closed hexagons', () => {
  const [feature] = createSceneBuilder()(state).overlays.hotspots.features;
  expect(feature?.geometry).toEqual({
    type: 'Polygon',
    coordinates: [[...boundary, boundary[0]].map(([lng, lat]) => [lng, lat])],
  });
  expect(feature?.properties).toEqual({ id: 'hs1a', name: 'a', status: 'active' });
});

it('draws a line from a selected hexagon to each hotspot that hears it', () => {
  const scene = createSceneBuilder();
  const hex = { boundary, heardBy: [{ boundary: [[17, 50]] }, { boundary: [[18, 51]] }] } as unknown as HexView;
  const loading = scene({ ...state, detail: { kind: 'hex', cell: 'c', hex: LOADING } });
  expect(loading.overlays.links.features).toEqual([]);
  expect(loading.selected).toBe(true);
  const { overlays, dimmed } = scene({ ...state, detail: { kind: 'hex', cell: 'c', hex: ready(hex) } });
  expect(overlays.links.features.map(({ geometry }) => geometry)).toEqual([
    { type: 'LineString', coordinates: [middle(boundary), [17, 50]] },
    { type: 'LineString', coordinates: [middle(boundary), [18, 51]] },
  ]);
  expect(dimmed).toBe(false);
});

it('draws where the links of a selected hotspot say it is, and each link by how it fits', () => {
  const cell = (lng: number) => ({ cell: 'c', boundary: [[lng, 50]] });
  const link = { ...cell(17), kind: 'sent', residualDdb: 200, againstMicronats: 1 };
  const location = { boundary, region: [cell(18), cell(19)], likeliest: cell(19), links: [link] };
  const detail = { kind: 'hotspot', id: 'hs1a', hotspot: LOADING, footprint: LOADING, location: ready(location) };
  const { overlays } = createSceneBuilder()({ ...state, detail } as unknown as AppState);
  expect(overlays.region.features.map(({ properties }) => properties?.['part'])).toEqual([
    'region',
    'region',
    'likeliest',
  ]);
  expect(overlays.links.features).toEqual([
    {
      type: 'Feature',
      properties: { residual: 'strong' },
      geometry: { type: 'LineString', coordinates: [middle(boundary), [17, 50]] },
    },
  ]);
});
