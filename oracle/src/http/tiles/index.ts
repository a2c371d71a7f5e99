/** Coverage as vector tiles: no HTTP in here, the routes are next door. */
export { cellBoundary } from './cell-ring.ts';
export type { CoverageRow } from './coverage-row.ts';
export { CellResolutionError } from './hex-id.ts';
export { parseTileAddress, type TileAddress } from './tile-address.ts';
export { createTileJson } from './tile-json.ts';
export {
  createGeometryCache,
  createLiveTileSource,
  createTileSource,
  type GeometryCache,
  type LiveTileSource,
  type Tile,
  type TileSource,
  type TileSourceOptions,
} from './tile-source.ts';
