import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip as gzipCallback } from 'node:zlib';
import { COVERAGE_RESOLUTION } from '../../api/index.ts';
import { visitCellsNear } from './cells-near.ts';
import { CoveragePyramid } from './coverage-pyramid.ts';
import type { CoverageRow } from './coverage-row.ts';
import { hexGeometry, TILE_BUFFER, TILE_EXTENT } from './hex-geometry.ts';
import { HexLayerWriter } from './hex-layer-writer.ts';
import { LruCache } from './lru-cache.ts';
import { tileBox } from './mercator.ts';
import { parseTileAddress, type TileAddress, tileKey } from './tile-address.ts';
import { GeometryWalk, geometriesSize, type TileGeometries } from './tile-geometries.ts';
import { tilesShowing } from './tiles-showing.ts';
import { resolutionAt } from './zoom-rule.ts';

const gzip = promisify(gzipCallback);
const GZIP_LEVEL = 6;

export interface Tile {
  /** The vector tile, gzipped: send it with `Content-Encoding: gzip`. */
  readonly gzip: Uint8Array;
  /** Strong, with its quotation marks: a hash of the tile's content and of nothing else. */
  readonly etag: string;
}

/** Coverage as vector tiles. */
export interface TileSource {
  /** The tile, or null when it is empty or does not exist (outside zooms 0–12 or the world). */
  tile(z: number, x: number, y: number): Promise<Tile | null>;
  /** SHA-256 of all rows, hex. */
  readonly hash: string;
  /** Cells of resolution 9. */
  readonly size: number;
}

/** Coverage that changes while it is looked at. */
export interface LiveTileSource extends TileSource {
  /** Inserts rows or replaces what was known of their cells. About 0.1 ms a row; other tiles stay cached. */
  upsert(rows: Iterable<CoverageRow>): void;
}

export type GeometryCache = LruCache<TileGeometries>;

/** Shapes of hexagons by tile. They are the same in every epoch: share one among all sources. */
export const createGeometryCache = (maxBytes = 64 << 20): GeometryCache => new LruCache(maxBytes, geometriesSize);

export interface TileSourceOptions {
  /** Own one by default. */
  readonly geometries?: GeometryCache;
  /** Finished tiles kept in memory, bytes. */
  readonly maxTileBytes?: number;
}

/**
 * Tiles of an epoch, from its coverage in any order.
 * @throws CellResolutionError when a cell is not of resolution 9
 * @throws RangeError when two rows name one cell
 */
export function createTileSource(rows: Iterable<CoverageRow>, options: TileSourceOptions = {}): TileSource {
  return new CoverageTiles(new CoveragePyramid(rows), options);
}

/** Tiles of what is known now. Throws as `createTileSource` does. */
export function createLiveTileSource(rows: Iterable<CoverageRow>, options: TileSourceOptions = {}): LiveTileSource {
  return new CoverageTiles(new CoveragePyramid(rows), options);
}

class CoverageTiles implements LiveTileSource {
  readonly #pyramid: CoveragePyramid;
  readonly #geometries: GeometryCache;
  readonly #tiles: LruCache<{ readonly tile: Tile | null }>;
  readonly #inWork = new Map<string, Promise<Tile | null>>();
  #hash: string | undefined;

  constructor(pyramid: CoveragePyramid, options: TileSourceOptions) {
    this.#pyramid = pyramid;
    this.#geometries = options.geometries ?? createGeometryCache();
    this.#tiles = new LruCache(options.maxTileBytes ?? 32 << 20, ({ tile }) => 256 + (tile?.gzip.length ?? 0));
  }

  get size(): number {
    return this.#pyramid.level(COVERAGE_RESOLUTION).size;
  }

  get hash(): string {
    if (this.#hash === undefined) {
      const hash = createHash('sha256');
      for (const bytes of this.#pyramid.level(COVERAGE_RESOLUTION).columns().bytes()) hash.update(bytes);
      this.#hash = hash.digest('hex');
    }
    return this.#hash;
  }

  async tile(z: number, x: number, y: number): Promise<Tile | null> {
    const address = parseTileAddress(z, x, y);
    if (address === undefined) return null;
    const key = tileKey(address);
    const cached = this.#tiles.get(key);
    if (cached !== undefined) return cached.tile;
    const inWork = this.#inWork.get(key);
    if (inWork !== undefined) return inWork;
    return this.#start(address, key);
  }

  upsert(rows: Iterable<CoverageRow>): void {
    const changed = this.#pyramid.upsert(rows);
    this.#hash = undefined;
    if (this.#tiles.size === 0 && this.#inWork.size === 0) return;
    for (const key of tilesShowing(changed)) {
      this.#tiles.delete(key);
      this.#inWork.delete(key);
    }
  }

  #start(address: TileAddress, key: string): Promise<Tile | null> {
    const work = this.#make(address, key);
    this.#inWork.set(key, work);
    // An upsert meanwhile takes the work out of the map: its tile is answered but not kept.
    const settle = (tile?: Tile | null): void => {
      if (this.#inWork.get(key) !== work) return;
      this.#inWork.delete(key);
      if (tile !== undefined) this.#tiles.set(key, { tile });
    };
    void work.then(settle, () => settle());
    return work;
  }

  async #make(address: TileAddress, key: string): Promise<Tile | null> {
    const content = this.#encode(address, key);
    if (content.length === 0) return null;
    const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
    return { gzip: await gzip(content, { level: GZIP_LEVEL }), etag };
  }

  #encode(address: TileAddress, key: string): Uint8Array {
    const resolution = resolutionAt(address.z);
    const walk = new GeometryWalk(this.#geometries.get(key), (id) => hexGeometry(id, resolution, address));
    const writer = new HexLayerWriter();
    visitCellsNear(this.#pyramid.level(resolution), tileBox(address, TILE_BUFFER / TILE_EXTENT), (id, values) => {
      const geometry = walk.geometry(id);
      if (geometry.length > 0) writer.add(id, values, geometry);
    });
    const learned = walk.learned();
    if (learned !== undefined) this.#geometries.set(key, learned);
    return writer.finish();
  }
}
