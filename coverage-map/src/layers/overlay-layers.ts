import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { signalColourExpression } from './hex-layers.ts';
import { MAP_COLOURS, RESIDUAL_COLOURS, type Theme } from './palette.ts';

/** Sources whose data the map sets itself. */
export const OVERLAY_SOURCES = ['footprint', 'region', 'links', 'hotspots', 'selected', 'flash'] as const;
export type OverlaySource = (typeof OVERLAY_SOURCES)[number];

const ROUND_LINE = { 'line-cap': 'round', 'line-join': 'round' } as const;

const HOTSPOT_FILL = 'hotspot-fill';
/** Layers that answer a click on a hotspot: its outline can be larger than its area. */
export const HOTSPOT_HIT_LAYERS = ['hotspot-casing', HOTSPOT_FILL] as const;

/** A hotspot's hexagon is under a pixel when the view is wide: its outline keeps it visible. */
const outlineWidth = (factor: number): ExpressionSpecification =>
  [
    'interpolate',
    ['linear'],
    ['zoom'],
    2,
    1.6 * factor,
    8,
    2.6 * factor,
    11,
    2 * factor,
    13,
    4 * factor,
    16,
    6 * factor,
  ] as ExpressionSpecification;

/** What one hotspot hears, drawn over the dimmed coverage. */
export function footprintLayers(theme: Theme): LayerSpecification[] {
  const { hexOutline } = MAP_COLOURS[theme];
  return [
    {
      id: 'footprint-fill',
      type: 'fill',
      source: 'footprint',
      paint: { 'fill-color': signalColourExpression(theme), 'fill-opacity': 0.92, 'fill-antialias': false },
    },
    {
      id: 'footprint-outline',
      type: 'line',
      source: 'footprint',
      paint: { 'line-color': hexOutline, 'line-width': 1, 'line-opacity': ['step', ['zoom'], 0, 11, 0.4] },
    },
  ];
}

/** Where the links of the selected hotspot say it is: soft, and the likeliest cell with a firm outline. */
export function regionLayers(theme: Theme): LayerSpecification[] {
  const { selection } = MAP_COLOURS[theme];
  const isLikeliest: ExpressionSpecification = ['==', ['get', 'part'], 'likeliest'];
  return [
    {
      id: 'region-fill',
      type: 'fill',
      source: 'region',
      paint: { 'fill-color': selection, 'fill-opacity': ['case', isLikeliest, 0.3, 0.16], 'fill-antialias': false },
    },
    {
      id: 'region-outline',
      type: 'line',
      source: 'region',
      layout: ROUND_LINE,
      paint: {
        'line-color': selection,
        'line-width': ['case', isLikeliest, 2.5, 1],
        'line-opacity': ['case', isLikeliest, 0.95, 0.35],
      },
    },
  ];
}

/** Hotspots as their asserted hexagons. */
export function hotspotLayers(theme: Theme): LayerSpecification[] {
  const colours = MAP_COLOURS[theme];
  return [
    {
      id: 'hotspot-casing',
      type: 'line',
      source: 'hotspots',
      layout: ROUND_LINE,
      paint: { 'line-color': colours.hotspotCasing, 'line-width': outlineWidth(2) },
    },
    {
      id: HOTSPOT_FILL,
      type: 'fill',
      source: 'hotspots',
      paint: {
        'fill-color': ['case', ['==', ['get', 'status'], 'active'], colours.hotspot, colours.hotspotCasing],
        // Near by it is a ring, and lets the signal of its own hexagon through.
        'fill-opacity': ['interpolate', ['linear'], ['zoom'], 10.5, 1, 12.5, 0.06],
        'fill-antialias': false,
      },
    },
    {
      id: 'hotspot-outline',
      type: 'line',
      source: 'hotspots',
      layout: ROUND_LINE,
      paint: {
        'line-color': ['case', ['==', ['get', 'status'], 'active'], colours.hotspot, colours.label],
        'line-width': outlineWidth(1),
      },
    },
  ];
}

/** A link that is as strong as expected stands back; those of a hexagon have no such thing. */
const isOddLink: ExpressionSpecification = ['in', ['get', 'residual'], ['literal', ['strong', 'weak']]];

const linkColour = (theme: Theme): ExpressionSpecification => {
  const { strong, expected, weak } = RESIDUAL_COLOURS[theme];
  const otherwise = MAP_COLOURS[theme].selection;
  return ['match', ['get', 'residual'], 'strong', strong, 'expected', expected, 'weak', weak, otherwise];
};

/** What is selected, who hears it, and what has just changed. */
export function selectionLayers(theme: Theme): LayerSpecification[] {
  const colours = MAP_COLOURS[theme];
  return [
    {
      id: 'links',
      type: 'line',
      source: 'links',
      layout: ROUND_LINE,
      paint: { 'line-color': linkColour(theme), 'line-width': ['case', isOddLink, 2.6, 1.6], 'line-opacity': 0.85 },
    },
    {
      id: 'selected',
      type: 'line',
      source: 'selected',
      layout: ROUND_LINE,
      paint: { 'line-color': colours.selection, 'line-width': 3 },
    },
    {
      id: 'flash',
      type: 'line',
      source: 'flash',
      layout: ROUND_LINE,
      paint: { 'line-color': colours.hexOutline, 'line-width': 3, 'line-opacity': 0 },
    },
  ];
}
