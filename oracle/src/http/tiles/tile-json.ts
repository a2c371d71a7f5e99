import { TILE_LAYER, TILE_MAX_ZOOM, type TileJson } from '../../api/index.ts';
import type { TileSource } from './tile-source.ts';

/**
 * The TileJSON of an epoch's tiles or of the live ones.
 * @param baseUrl scheme and authority the client asked for, e.g. `https://map.example.org`
 */
export function createTileJson(baseUrl: string, epoch: number | 'live', source: TileSource): TileJson {
  return {
    tilejson: '3.0.0',
    name: epoch === 'live' ? 'Proven coverage, live' : `Proven coverage of epoch ${epoch}`,
    tiles: [`${baseUrl}/tiles/${epoch}/{z}/{x}/{y}.mvt`],
    minzoom: 0,
    maxzoom: TILE_MAX_ZOOM,
    vector_layers: [
      {
        id: TILE_LAYER,
        fields: {
          state: '1 covered, 2 surveyed and not covered',
          esp: 'Best signal, tenths of dBm normalised to 14 dBm EIRP; only when covered',
          witnesses: 'Most witnesses of one of its cells',
          seen: 'Hours since 1970 of the last transmission',
        },
      },
    ],
    hash: source.hash,
  };
}
