import { GeoJSONVT, type GeoJSONVTFeature, type GeoJSONVTTile } from '@maplibre/geojson-vt';
import { fromGeojsonVt } from '@maplibre/vt-pbf';
import type { BasemapLayer } from './layers.ts';

const BASEMAP_MAX_ZOOM = 6;
const EXTENT = 4096;

export interface BasemapTile {
  readonly z: number;
  readonly x: number;
  readonly y: number;
  /** Mapbox Vector Tile; no bytes where there is only sea. */
  readonly bytes: Uint8Array;
}

/** All tiles of zooms 0–6 in order, the empty ones too, so that any plain file server can answer every request. */
export function* basemapTiles(layers: readonly BasemapLayer[]): Generator<BasemapTile> {
  const indexes = layers.map((layer) => ({ layer, index: createIndex(layer) }));
  for (let z = 0; z <= BASEMAP_MAX_ZOOM; z += 1) {
    for (let x = 0; x < 2 ** z; x += 1) {
      for (let y = 0; y < 2 ** z; y += 1) {
        const found: Record<string, GeoJSONVTTile> = {};
        for (const { layer, index } of indexes) {
          const tile = z < layer.minZoom ? null : index.getTile(z, x, y);
          const features = tile === null ? [] : shownAt(tile.features, z);
          if (tile !== null && features.length > 0) found[layer.name] = { ...tile, features };
        }
        const empty = Object.keys(found).length === 0;
        yield { z, x, y, bytes: empty ? new Uint8Array(0) : fromGeojsonVt(found, { version: 2, extent: EXTENT }) };
      }
    }
  }
}

export const BASEMAP_TILE_COUNT = (4 ** (BASEMAP_MAX_ZOOM + 1) - 1) / 3;

function createIndex({ features, tolerance, buffer }: BasemapLayer): GeoJSONVT {
  return new GeoJSONVT(
    { type: 'FeatureCollection', features },
    { maxZoom: BASEMAP_MAX_ZOOM, indexMaxZoom: BASEMAP_MAX_ZOOM, indexMaxPoints: 0, extent: EXTENT, tolerance, buffer },
  );
}

/** The features of this zoom and before, without the property that says so. */
function shownAt(features: readonly GeoJSONVTFeature[], z: number): GeoJSONVTFeature[] {
  return features.flatMap((feature) => {
    const { minzoom, ...tags } = feature.tags ?? {};
    return typeof minzoom === 'number' && minzoom > z ? [] : [{ ...feature, tags }];
  });
}
