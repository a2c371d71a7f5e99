import { TREE_HASH_BYTES } from '@sextant/firmware-bridge/protocol';
import { hashNode, plainBytes } from './tree-hash.ts';

/** A full tile with all its inner nodes takes 16 KiB. */
const TILES_MAX = 256;

type LoadTile = (level: number, index: number, width: number) => Promise<Uint8Array>;

/** Tiles with their inner nodes, so that many proofs from one neighbourhood hash it once. Forgets the least recent. */
export class TileCache {
  readonly #load: LoadTile;
  readonly #tiles = new Map<string, Promise<readonly Uint8Array[]>>();

  constructor(load: LoadTile) {
    this.#load = load;
  }

  /** By height above the tile's own hashes: the nodes that its first `width` hashes complete, one after the other. */
  async layers(level: number, index: number, width: number): Promise<readonly Uint8Array[]> {
    const key = `${level}/${index}/${width}`;
    const layers = this.#tiles.get(key) ?? this.#load(level, index, width).then((tile) => layersOf(tile, width));
    this.#tiles.delete(key);
    this.#tiles.set(key, layers);
    const oldest = this.#tiles.size > TILES_MAX ? this.#tiles.keys().next().value : undefined;
    if (oldest !== undefined) this.#tiles.delete(oldest);
    try {
      return await layers;
    } catch (error) {
      this.#tiles.delete(key);
      throw error;
    }
  }
}

function layersOf(tile: Uint8Array, width: number): Uint8Array[] {
  const layers = [tile.subarray(0, width * TREE_HASH_BYTES)];
  for (let below = layers[0] as Uint8Array; below.length >= 2 * TREE_HASH_BYTES; ) {
    const nodes: Uint8Array[] = [];
    for (let at = 0; at + 2 * TREE_HASH_BYTES <= below.length; at += 2 * TREE_HASH_BYTES) {
      const middle = at + TREE_HASH_BYTES;
      nodes.push(hashNode(below.subarray(at, middle), below.subarray(middle, middle + TREE_HASH_BYTES)));
    }
    below = plainBytes(Buffer.concat(nodes));
    layers.push(below);
  }
  return layers;
}
