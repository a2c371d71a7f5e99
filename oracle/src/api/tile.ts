import type { HashText } from './text.ts';

/** Coverage is recorded at this H3 resolution; coarser ones are sums of it. */
export const COVERAGE_RESOLUTION = 9;

/**
 * H3 resolution of the hexagons in a tile, by its zoom: one is then about 9–31 px wide on the screen (512 px tiles), and a
 * fully covered tile has 900–4,900 of them.
 */
export const TILE_RESOLUTIONS = [1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 8, 9, 9] as const;
/** Deepest zoom that is stored; clients stretch these tiles for deeper views. */
export const TILE_MAX_ZOOM = TILE_RESOLUTIONS.length - 1;
/** The one layer of a hexagon tile. */
export const TILE_LAYER = 'hex';

/**
 * Properties of a hexagon in a tile. Feature id = the low 52 bits of its H3 index (base cell and digits; the resolution is
 * 15 less the number of trailing digits 7). State 1 = covered, 2 = surveyed and not covered; unknown ones are not in the tile.
 */
export interface TileHexProperties {
  readonly state: number;
  /** Best signal, tenths of dBm normalised to 14 dBm EIRP; only when covered. */
  readonly esp?: number;
  /** Most witnesses of one of its cells. */
  readonly witnesses: number;
  /** Hours since 1970 of the last transmission. */
  readonly seen: number;
}

/**
 * `GET /tiles/{epoch|live}/tiles.json`: TileJSON 3.0.0 plus the content hash. Tiles are at
 * `/tiles/{epoch|live}/{z}/{x}/{y}.mvt`: an epoch's are immutable for ever; live ones carry a strong `ETag` of their content and
 * `Cache-Control: no-cache`, so that a browser asks again each time and mostly gets a 304. An empty tile is a 204.
 */
export interface TileJson {
  readonly tilejson: '3.0.0';
  readonly name: string;
  readonly tiles: readonly string[];
  readonly minzoom: number;
  readonly maxzoom: number;
  readonly bounds?: readonly [number, number, number, number];
  readonly attribution?: string;
  readonly vector_layers: readonly { readonly id: string; readonly fields: Readonly<Record<string, string>> }[];
  /** Of the rows the tiles are made from. */
  readonly hash: HashText;
}
