import { encodeBundle } from './entry-bundle.ts';
import type { SignedCheckpoint } from './log-reader.ts';
import type { LogTail } from './log-tail.ts';
import type { ObjectStore } from './storage.ts';
import { bundlePath, CHECKPOINT_PATH, partialsPath, TILE_WIDTH, tilePath, tileWidth } from './tile-path.ts';

/** Turns the tail of the log into the public files of C2SP tlog-tiles. */
export class TileWriter {
  readonly #tail: LogTail;
  readonly #objects: ObjectStore;
  #segmentsBegin = 0;

  constructor(tail: LogTail, objects: ObjectStore) {
    this.#tail = tail;
    this.#objects = objects;
  }

  /** Says where the segments begin: what has older entries in it could not be made again after a power loss. */
  startAt(firstLeaf: number): void {
    this.#segmentsBegin = firstLeaf;
  }

  /**
   * Writes the full bundles and tiles of a tree of this size, and takes them out of the tail. Partial versions
   * go once the full one is there, as the specification allows.
   */
  async writeFull(size: number): Promise<void> {
    while (this.#tail.firstEntry + TILE_WIDTH <= size) {
      const index = this.#tail.firstEntry / TILE_WIDTH;
      const entries = this.#tail.bundle(index, TILE_WIDTH) ?? [];
      await this.#writeOver(bundlePath(index), encodeBundle(entries), index * TILE_WIDTH);
      this.#tail.dropBundle();
    }
    for (let level = 0; level < this.#tail.levels; level++) {
      for (let index = this.#tail.firstTile(level); tileWidth(level, index, size) === TILE_WIDTH; index++) {
        const tile = this.#tail.tile(level, index, TILE_WIDTH) ?? new Uint8Array(0);
        await this.#writeOver(tilePath(level, index), tile, index * TILE_WIDTH ** (level + 1));
        this.#tail.dropTile(level);
      }
    }
  }

  /** Writes everything that a reader of this checkpoint needs, and the checkpoint last. */
  async publish(checkpoint: SignedCheckpoint): Promise<void> {
    const { size, note } = checkpoint;
    await this.writeFull(size);
    const bundle = this.#tail.firstEntry / TILE_WIDTH;
    const width = tileWidth(0, bundle, size);
    if (width > 0) {
      const entries = this.#tail.bundle(bundle, width) ?? [];
      await this.#objects.write(bundlePath(bundle, width), encodeBundle(entries), 'none');
    }
    for (let level = 0; level < this.#tail.levels; level++) await this.#writePartial(level, size);
    await this.#objects.write(CHECKPOINT_PATH, note, 'now');
  }

  async #writePartial(level: number, size: number): Promise<void> {
    const index = this.#tail.firstTile(level);
    const width = tileWidth(level, index, size);
    const tile = width > 0 ? this.#tail.tile(level, index, width) : undefined;
    if (tile !== undefined) await this.#objects.write(tilePath(level, index, width), tile, 'none');
  }

  async #writeOver(path: string, bytes: Uint8Array, firstLeaf: number): Promise<void> {
    await this.#objects.write(path, bytes, firstLeaf < this.#segmentsBegin ? 'now' : 'later');
    await this.#objects.removeAll(partialsPath(path));
  }
}
