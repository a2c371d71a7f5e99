import { TILE_LAYER, TILE_MAX_ZOOM, TILE_RESOLUTIONS } from '@sextant/oracle/api';
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { MAP_COLOURS, SIGNAL_COLOURS, SIGNAL_STEPS_DDBM, type Theme } from './palette.ts';

export const HATCH_IMAGE = 'surveyed-not-covered';
export const HEX_FILL = 'hex-fill';
const HEX_HATCH = 'hex-hatch';
/** Layers that answer a click on a hexagon. */
export const HEX_HIT_LAYERS = [HEX_FILL, HEX_HATCH] as const;

const COVERED = 1;

/** The class colours as the style wants them: weakest, first step, next colour, … */
export function signalColourExpression(theme: Theme): ExpressionSpecification {
  const [weakest = '', ...stronger] = SIGNAL_COLOURS[theme];
  const steps = SIGNAL_STEPS_DDBM.flatMap((step, index) => [step, stronger[index] ?? weakest]);
  return ['step', ['get', 'esp'], weakest, ...steps] as ExpressionSpecification;
}

export interface HexLayerOptions {
  readonly theme: Theme;
  /** The source; layer ids carry its name too, so that two epochs can be on the map while one takes over from the other. */
  readonly source: string;
  /** 0–1, over everything. */
  readonly strength: number;
}

/** Hexagons coloured by signal, a hatch where surveys found nothing, and outlines where they are large enough. */
export function hexLayers({ theme, source, strength }: HexLayerOptions): LayerSpecification[] {
  const from = { source, 'source-layer': TILE_LAYER } as const;
  const covered: ExpressionSpecification = ['==', ['get', 'state'], COVERED];
  const colours = MAP_COLOURS[theme];
  return [
    {
      id: `${HEX_FILL}@${source}`,
      type: 'fill',
      ...from,
      filter: covered,
      paint: { 'fill-color': signalColourExpression(theme), 'fill-opacity': 0.82 * strength, 'fill-antialias': false },
    },
    {
      id: `${HEX_HATCH}@${source}`,
      type: 'fill',
      ...from,
      filter: ['!', covered],
      paint: { 'fill-pattern': HATCH_IMAGE, 'fill-opacity': 0.75 * strength, 'fill-antialias': false },
    },
    {
      id: `hex-outline@${source}`,
      type: 'line',
      ...from,
      paint: {
        'line-color': colours.hexOutline,
        'line-width': 1,
        'line-opacity': outlineOpacity(0.22 * strength),
      },
    },
  ];
}

/** Average edge of an H3 cell by resolution, km (https://h3geo.org/docs/core-library/restable). */
const EDGE_KM = [1281.256, 483.057, 182.513, 68.979, 26.072, 9.854, 3.725, 1.406, 0.531, 0.201] as const;
const EQUATOR_KM = 40_075;
const TILE_PX = 512;
/** Where most of the land is. */
const LATITUDE_DEGREES = 45;
const MIN_OUTLINED_PX = 14;

/** Width on the screen of a hexagon of the tiles of `tileZoom` at that very zoom, px. */
export function hexWidthPx(tileZoom: number): number {
  const kmPerPx = (EQUATOR_KM * Math.cos((LATITUDE_DEGREES * Math.PI) / 180)) / (TILE_PX * 2 ** tileZoom);
  const resolution = TILE_RESOLUTIONS[tileZoom] ?? 0;
  return (2 * (EDGE_KM[resolution] ?? 0)) / kmPerPx;
}

/** Opacity by zoom: nothing while hexagons are under 14 px wide, since outlines would swallow them. */
export function outlineOpacity(opacity: number): ExpressionSpecification {
  const stops: number[] = [];
  let last = 0;
  const add = (zoom: number, value: number): void => {
    if (value === last) return;
    stops.push(zoom, value);
    last = value;
  };
  for (let zoom = 0; zoom <= TILE_MAX_ZOOM; zoom += 1) {
    const growth = Math.log2(MIN_OUTLINED_PX / hexWidthPx(zoom));
    add(zoom, growth <= 0 ? opacity : 0);
    if (growth > 0 && (growth < 1 || zoom === TILE_MAX_ZOOM)) add(zoom + growth, opacity);
  }
  return ['step', ['zoom'], 0, ...stops] as ExpressionSpecification;
}
