import { EMPTY_TREE_ROOT, TREE_HASH_BYTES } from '@sextant/firmware-bridge/protocol';
import { LedgerError } from './ledger-error.ts';
import type { LogReader, SignedCheckpoint } from './log-reader.ts';
import { consistencyRanges, inclusionRanges, type LeafRange, perfectSubtrees } from './proof-ranges.ts';
import { TileCache } from './tile-cache.ts';
import { TILE_HEIGHT, TILE_WIDTH, tileWidth } from './tile-path.ts';
import { hashNode } from './tree-hash.ts';

/** Where a view gets its tiles and bundles from; both throw when they are not there. */
export interface ViewSource {
  checkpoint(): SignedCheckpoint;
  /** At least `width` hashes of the tile, one after the other. */
  tile(level: number, index: number, width: number): Promise<Uint8Array>;
  /** At least `width` entries of the bundle. */
  bundle(index: number, width: number): Promise<readonly Uint8Array[]>;
}

/** Answers every question about a log from its tiles. */
export class LogView implements LogReader {
  readonly #source: ViewSource;
  readonly #tiles: TileCache;

  constructor(source: ViewSource) {
    this.#source = source;
    this.#tiles = new TileCache((level, index, width) => source.tile(level, index, width));
  }

  checkpoint(): SignedCheckpoint {
    return this.#source.checkpoint();
  }

  async *entries(from: number, to: number = this.#size): AsyncGenerator<Uint8Array, void, undefined> {
    this.#assertRange(from, to);
    for (let at = from; at < to; ) {
      const index = Math.floor(at / TILE_WIDTH);
      const first = index * TILE_WIDTH;
      const width = tileWidth(0, index, this.#size);
      const bundle = await this.#source.bundle(index, width);
      const end = Math.min(first + TILE_WIDTH, to);
      yield* bundle.slice(at - first, end - first);
      at = end;
    }
  }

  async readEntry(leafIndex: number): Promise<Uint8Array> {
    this.#assertRange(leafIndex, leafIndex + 1);
    const index = Math.floor(leafIndex / TILE_WIDTH);
    const bundle = await this.#source.bundle(index, tileWidth(0, index, this.#size));
    return bundle[leafIndex % TILE_WIDTH] as Uint8Array;
  }

  async rootAt(size: number): Promise<Uint8Array> {
    this.#assertRange(0, size);
    return size === 0 ? EMPTY_TREE_ROOT : this.#hashRange({ start: 0, end: size });
  }

  async inclusionProof(leafIndex: number, size: number): Promise<Uint8Array[]> {
    this.#assertRange(0, size);
    this.#assertRange(leafIndex, leafIndex + 1, size);
    return this.#hashRanges(inclusionRanges(leafIndex, size));
  }

  async consistencyProof(oldSize: number, newSize: number): Promise<Uint8Array[]> {
    this.#assertRange(oldSize, newSize);
    return this.#hashRanges(consistencyRanges(oldSize, newSize));
  }

  get #size(): number {
    return this.#source.checkpoint().size;
  }

  async #hashRanges(ranges: readonly LeafRange[]): Promise<Uint8Array[]> {
    return Promise.all(ranges.map(async (range) => this.#hashRange(range)));
  }

  async #hashRange(range: LeafRange): Promise<Uint8Array> {
    const subtrees = await Promise.all(
      perfectSubtrees(range).map(async ({ level, index }) => this.#node(level, index)),
    );
    return subtrees.reduceRight((right, left) => hashNode(left, right));
  }

  /** Root of the perfect subtree at this level of the tree. */
  async #node(level: number, index: number): Promise<Uint8Array> {
    const tileLevel = Math.floor(level / TILE_HEIGHT);
    const height = level % TILE_HEIGHT;
    const firstHash = index * 2 ** height;
    const tile = Math.floor(firstHash / TILE_WIDTH);
    const width = tileWidth(tileLevel, tile, this.#size);
    const layers = await this.#tiles.layers(tileLevel, tile, width);
    const at = (index % (TILE_WIDTH / 2 ** height)) * TREE_HASH_BYTES;
    return (layers[height] as Uint8Array).subarray(at, at + TREE_HASH_BYTES);
  }

  #assertRange(from: number, to: number, size: number = this.#size): void {
    if (Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && from <= to && to <= size) return;
    throw new LedgerError('out_of_range', `entries ${from} to ${to} are not all among the first ${size}`, {
      from,
      to,
      size,
    });
  }
}
