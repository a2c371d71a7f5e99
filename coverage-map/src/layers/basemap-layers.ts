import type { LayerSpecification } from 'maplibre-gl';
import { MAP_COLOURS, type Theme } from './palette.ts';

export const BASEMAP_SOURCE = 'basemap';
export const BASEMAP_MAX_ZOOM = 6;
export const FONT = 'Noto Sans';

const from = (layer: string) => ({ source: BASEMAP_SOURCE, 'source-layer': layer }) as const;

/** Sea, land, water and borders: what lies under the hexagons. */
export function groundLayers(theme: Theme): LayerSpecification[] {
  const colours = MAP_COLOURS[theme];
  return [
    { id: 'sea', type: 'background', paint: { 'background-color': colours.sea } },
    { id: 'land', type: 'fill', ...from('land'), paint: { 'fill-color': colours.land } },
    { id: 'lakes', type: 'fill', ...from('lakes'), paint: { 'fill-color': colours.sea } },
    {
      id: 'rivers',
      type: 'line',
      ...from('rivers'),
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': colours.river,
        'line-width': ['interpolate', ['linear'], ['zoom'], 3, 0.5, 8, 1.6, 14, 4],
      },
    },
    {
      id: 'states',
      type: 'line',
      ...from('states'),
      paint: { 'line-color': colours.state, 'line-width': 1, 'line-dasharray': [3, 2] },
    },
    {
      id: 'borders',
      type: 'line',
      ...from('borders'),
      layout: { 'line-join': 'round' },
      paint: { 'line-color': colours.border, 'line-width': ['interpolate', ['linear'], ['zoom'], 1, 0.4, 5, 1, 12, 2] },
    },
  ];
}

/** Names of countries and places: they lie over the hexagons. */
export function labelLayers(theme: Theme): LayerSpecification[] {
  const { label, labelStrong, halo } = MAP_COLOURS[theme];
  return [
    {
      id: 'places',
      type: 'symbol',
      ...from('places'),
      layout: {
        'text-field': ['get', 'name'],
        'text-font': [FONT],
        'text-size': [
          'interpolate',
          ['linear'],
          ['zoom'],
          4,
          ['+', 3, ['*', 0.42, ['get', 'rank']]],
          12,
          ['+', 2, ['*', 0.75, ['get', 'rank']]],
        ],
        'text-max-width': 8,
        'text-padding': 6,
        'symbol-sort-key': ['-', 0, ['get', 'rank']],
      },
      paint: {
        'text-color': ['case', ['>=', ['get', 'rank'], 16], labelStrong, label],
        'text-halo-color': halo,
        'text-halo-width': 1.4,
      },
    },
    {
      id: 'countries',
      type: 'symbol',
      ...from('countries'),
      maxzoom: 6.5,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': [FONT],
        'text-size': ['interpolate', ['linear'], ['zoom'], 1, 10, 6, 15],
        'text-transform': 'uppercase',
        'text-letter-spacing': 0.14,
        'text-max-width': 7,
        'symbol-sort-key': ['get', 'rank'],
      },
      paint: { 'text-color': label, 'text-halo-color': halo, 'text-halo-width': 1.4, 'text-opacity': 0.9 },
    },
  ];
}
