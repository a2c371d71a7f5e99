import { TREE_HASH_BYTES } from '@sextant/firmware-bridge/protocol';
import { TILE_HEIGHT, TILE_WIDTH } from './tile-path.ts';
import { plainBytes } from './tree-hash.ts';
import type { TreeGrowth } from './tree-head.ts';

/** The hashes of one tile level that are not all in a written full tile. */
interface TileRow {
  /** Index within the level of the first hash; a multiple of the tile width. */
  first: number;
  hashes: Uint8Array[];
}

/** What the log has after its last full tiles and bundles: in memory, and in the segments that a crash is recovered from. */
export class LogTail {
  #firstEntry = 0;
  #entries: Uint8Array[] = [];
  #bytes = 0;
  readonly #rows: TileRow[] = [];

  /** Takes in a group that is synced. */
  push(entries: readonly Uint8Array[], growth: TreeGrowth): void {
    for (const entry of entries) {
      this.#entries.push(entry);
      this.#bytes += entry.length;
    }
    for (let level = 0; level * TILE_HEIGHT < growth.levels.length; level++) {
      const row = this.#row(level);
      row.hashes.push(...(growth.levels[level * TILE_HEIGHT]?.nodes ?? []));
      this.#rows[level] = row;
    }
  }

  /** Starts the rows of a log whose beginning is in tiles already. */
  preload(level: number, first: number, hashes: readonly Uint8Array[]): void {
    this.#rows[level] = { first, hashes: [...hashes] };
  }

  preloadEntries(first: number, entries: readonly Uint8Array[]): void {
    this.#firstEntry = first;
    this.#entries = [...entries];
    this.#bytes = entries.reduce((sum, entry) => sum + entry.length, 0);
  }

  /** Bytes of the entries held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Entries before this one are in full bundles. */
  get firstEntry(): number {
    return this.#firstEntry;
  }

  /** Tile levels that have at least one hash. */
  get levels(): number {
    return this.#rows.length;
  }

  /** Index of the first tile of a level that is not written in full. */
  firstTile(level: number): number {
    return this.#row(level).first / TILE_WIDTH;
  }

  /** The tile's hashes so far, at most `width`, one after the other; undefined when it is written in full. */
  tile(level: number, index: number, width: number): Uint8Array | undefined {
    const row = this.#row(level);
    const from = index * TILE_WIDTH - row.first;
    if (from < 0) return undefined;
    const hashes = row.hashes.slice(from, from + width);
    return plainBytes(Buffer.concat(hashes, hashes.length * TREE_HASH_BYTES));
  }

  /** The bundle's entries so far, at most `width`; undefined when it is written in full. */
  bundle(index: number, width: number): Uint8Array[] | undefined {
    const from = index * TILE_WIDTH - this.#firstEntry;
    return from < 0 ? undefined : this.#entries.slice(from, from + width);
  }

  /** Forgets the first bundle: it is written in full. */
  dropBundle(): void {
    const dropped = this.#entries.splice(0, TILE_WIDTH);
    this.#firstEntry += TILE_WIDTH;
    for (const entry of dropped) this.#bytes -= entry.length;
  }

  /** Forgets the first tile of a level: it is written in full. */
  dropTile(level: number): void {
    const row = this.#row(level);
    row.hashes.splice(0, TILE_WIDTH);
    row.first += TILE_WIDTH;
  }

  #row(level: number): TileRow {
    return this.#rows[level] ?? { first: 0, hashes: [] };
  }
}
