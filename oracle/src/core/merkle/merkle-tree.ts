import { sha256 as portableSha256 } from '@noble/hashes/sha2.js';
import { EMPTY_TREE_ROOT, TREE_HASH_BYTES } from '@sextant/firmware-bridge/protocol';
import { createNodeHasher, type Sha256 } from './tree-hasher.ts';

/** An RFC 6962 tree over leaves in a fixed order, with the inner nodes kept so that any leaf is proven at once. */
export interface MerkleTree {
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** RFC 6962 audit path of a leaf, leaf to root: what `verifyInclusion` takes. Throws RangeError outside the tree. */
  prove(index: number): Uint8Array[];
}

/** `leafHashes` are the leaves' hashes (`leafHash` of the protocol), 32 bytes each, one behind the other. */
export function createMerkleTree(leafHashes: Uint8Array, sha256: Sha256 = portableSha256): MerkleTree {
  const size = leafHashes.length / TREE_HASH_BYTES;
  if (!Number.isInteger(size)) throw new RangeError(`${leafHashes.length} bytes are no list of hashes`);
  const levels = levelsAbove(new Uint8Array(leafHashes), createNodeHasher(sha256));
  const top = levels.at(-1) as Uint8Array;
  return {
    size,
    root: size === 0 ? EMPTY_TREE_ROOT : top.slice(0, TREE_HASH_BYTES),
    prove(index) {
      if (!Number.isInteger(index) || index < 0 || index >= size) throw new RangeError(`no leaf ${index} of ${size}`);
      const proof: Uint8Array[] = [];
      let at = index;
      for (const level of levels) {
        const sibling = at % 2 === 0 ? at + 1 : at - 1;
        if (sibling * TREE_HASH_BYTES < level.length) proof.push(hashAt(level, sibling).slice());
        at = Math.floor(at / 2);
      }
      return proof;
    },
  };
}

function hashAt(level: Uint8Array, index: number): Uint8Array {
  return level.subarray(index * TREE_HASH_BYTES, (index + 1) * TREE_HASH_BYTES);
}

/** Leaves first, root last. A node without a right sibling rises unchanged: the same tree as RFC 6962's recursion. */
function levelsAbove(leafHashes: Uint8Array, nodeHash: ReturnType<typeof createNodeHasher>): Uint8Array[] {
  const levels = [leafHashes];
  for (let below = leafHashes; below.length > TREE_HASH_BYTES; ) {
    const count = below.length / TREE_HASH_BYTES;
    const level = new Uint8Array(Math.ceil(count / 2) * TREE_HASH_BYTES);
    for (let i = 0; i < count; i += 2) {
      const node = i + 1 < count ? nodeHash(hashAt(below, i), hashAt(below, i + 1)) : hashAt(below, i);
      level.set(node, (i / 2) * TREE_HASH_BYTES);
    }
    levels.push(level);
    below = level;
  }
  return levels;
}
