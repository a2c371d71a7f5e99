import { TILE_MAX_ZOOM } from '@sextant/oracle/api';
import type { FeatureCollection } from 'geojson';
import type { FontFacesSpecification, StyleSpecification } from 'maplibre-gl';
import { BASEMAP_MAX_ZOOM, BASEMAP_SOURCE, groundLayers, labelLayers } from './basemap-layers.ts';
import { hexLayers } from './hex-layers.ts';
import {
  footprintLayers,
  hotspotLayers,
  OVERLAY_SOURCES,
  type OverlaySource,
  regionLayers,
  selectionLayers,
} from './overlay-layers.ts';
import type { Theme } from './palette.ts';

export interface MapStyleOptions {
  readonly theme: Theme;
  /** Scheme and authority of the site. */
  readonly origin: string;
  /** Goes into the basemap's URLs, so that they can be cached for ever. */
  readonly basemapVersion: string;
  readonly fonts: FontFacesSpecification;
  /** Whose tiles to draw, an epoch's number or `live`; the last one on top. */
  readonly coverages: readonly string[];
  readonly overlays: Readonly<Record<OverlaySource, FeatureCollection>>;
  /** Coverage steps back behind the footprint of a hotspot. */
  readonly dimmed: boolean;
  readonly transitionMs: number;
}

/** Name of the source with the tiles of an epoch or of `live`. */
export const coverageSource = (coverage: string): string => `coverage-${coverage}`;

const DIMMED_STRENGTH = 0.3;

/** Hexagons stay what they are at every zoom, also where they are smaller than a pixel. */
const overlaySource = (data: FeatureCollection) => ({ type: 'geojson', data, tolerance: 0 }) as const;

/** The whole map as data: the same options give the same style. */
export function mapStyle(options: MapStyleOptions): StyleSpecification {
  const { theme, origin } = options;
  const strength = options.dimmed ? DIMMED_STRENGTH : 1;
  const coverages = options.coverages.map((coverage) => {
    const tiles = [`${origin}/tiles/${coverage}/{z}/{x}/{y}.mvt`];
    return [coverageSource(coverage), { type: 'vector', tiles, minzoom: 0, maxzoom: TILE_MAX_ZOOM }] as const;
  });
  const basemapTiles = [`${origin}/basemap/{z}/{x}/{y}.mvt?v=${options.basemapVersion}`];
  return {
    version: 8,
    'font-faces': options.fonts,
    transition: { duration: options.transitionMs, delay: 0 },
    sources: {
      [BASEMAP_SOURCE]: { type: 'vector', tiles: basemapTiles, minzoom: 0, maxzoom: BASEMAP_MAX_ZOOM },
      ...Object.fromEntries(coverages),
      ...Object.fromEntries(OVERLAY_SOURCES.map((name) => [name, overlaySource(options.overlays[name])])),
    },
    layers: [
      ...groundLayers(theme),
      ...coverages.flatMap(([source]) => hexLayers({ theme, source, strength })),
      ...footprintLayers(theme),
      ...regionLayers(theme),
      ...hotspotLayers(theme),
      ...labelLayers(theme),
      ...selectionLayers(theme),
    ],
  };
}
