import { equalBytes, TREE_HASH_BYTES } from '@sextant/firmware-bridge/protocol';
import { LedgerError } from './ledger-error.ts';
import type { LogTail } from './log-tail.ts';
import { readBundle, readTile } from './object-view-source.ts';
import type { ObjectSource } from './storage.ts';
import { TILE_HEIGHT, TILE_WIDTH, tilePath } from './tile-path.ts';
import { hashLeaf, hashNode } from './tree-hash.ts';
import type { TreeHead } from './tree-head.ts';

/**
 * Builds the head of the first `size` entries, and the tail that belongs to it, from full tiles alone: partial ones need
 * not have survived. Reads at most 255 tiles a level. What it reads is proven right by the next checkpoint's root.
 */
export async function preloadTail(size: number, tail: LogTail, objects: ObjectSource): Promise<TreeHead> {
  const peaks: (Uint8Array | undefined)[] = [];
  for (let level = 0; TILE_WIDTH ** level <= size; level++) {
    const end = Math.floor(size / TILE_WIDTH ** level);
    const first = end - (end % TILE_WIDTH);
    const hashes = await (level === 0 ? readLeaves(first, end, objects) : readRoots(level, first, end, objects));
    tail.preload(level, first, hashes);
    peaks.push(...peaksOfRow(hashes));
  }
  const firstEntry = size - (size % TILE_WIDTH);
  tail.preloadEntries(firstEntry, await readEntries(firstEntry, size, objects, tail));
  return { size, peaks };
}

async function readLeaves(first: number, end: number, objects: ObjectSource): Promise<Uint8Array[]> {
  if (first === end) return [];
  const tile = await readTile(objects, 0, first / TILE_WIDTH, TILE_WIDTH);
  return splitHashes(tile).slice(0, end - first);
}

async function readRoots(level: number, first: number, end: number, objects: ObjectSource): Promise<Uint8Array[]> {
  const roots: Uint8Array[] = [];
  for (let index = first; index < end; index++) {
    const tile = await readTile(objects, level - 1, index, TILE_WIDTH);
    roots.push(rootOfPerfect(splitHashes(tile)));
  }
  return roots;
}

async function readEntries(first: number, end: number, objects: ObjectSource, tail: LogTail) {
  if (first === end) return [];
  const index = first / TILE_WIDTH;
  const entries = (await readBundle(objects, index, TILE_WIDTH)).slice(0, end - first);
  const hashes = splitHashes(tail.tile(0, index, TILE_WIDTH) ?? new Uint8Array(0));
  for (const [at, entry] of entries.entries()) {
    if (equalBytes(hashLeaf(entry), hashes[at] ?? new Uint8Array(0))) continue;
    throw new LedgerError(
      'ledger_corrupt',
      `entry ${first + at} does not hash to what ${tilePath(0, index)} says: restore both files from another copy`,
      { leafIndex: first + at },
    );
  }
  return entries;
}

function splitHashes(tile: Uint8Array): Uint8Array[] {
  const count = tile.length / TREE_HASH_BYTES;
  return Array.from({ length: count }, (_, at) => tile.subarray(at * TREE_HASH_BYTES, (at + 1) * TREE_HASH_BYTES));
}

/** Roots of the perfect subtrees of fewer than 256 hashes, by height; the lowest is at the right edge. */
function peaksOfRow(hashes: readonly Uint8Array[]): (Uint8Array | undefined)[] {
  const peaks: (Uint8Array | undefined)[] = [];
  let end = hashes.length;
  for (let height = 0; height < TILE_HEIGHT; height++) {
    const width = 2 ** height;
    const isSet = Math.floor(hashes.length / width) % 2 === 1;
    peaks.push(isSet ? rootOfPerfect(hashes.slice(end - width, end)) : undefined);
    if (isSet) end -= width;
  }
  return peaks;
}

function rootOfPerfect(hashes: readonly Uint8Array[]): Uint8Array {
  let layer = hashes;
  while (layer.length > 1) {
    const below = layer;
    layer = Array.from({ length: below.length / 2 }, (_, at) =>
      hashNode(below[2 * at] as Uint8Array, below[2 * at + 1] as Uint8Array),
    );
  }
  return layer[0] as Uint8Array;
}
