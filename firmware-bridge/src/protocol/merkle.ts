import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes } from './bytes.ts';

/**
 * RFC 6962 Merkle trees with SHA-256: the hashes, and the verification of proofs as RFC 9162 sections 2.1.3.2 and
 * 2.1.4.2 write it down. Sizes and indexes are safe integers.
 */
export const TREE_HASH_BYTES = 32;

/** Root of the tree without leaves: SHA-256 of nothing. */
export const EMPTY_TREE_ROOT: Uint8Array = sha256(new Uint8Array(0));

const LEAF_PREFIX = Uint8Array.of(0);
const NODE_PREFIX = Uint8Array.of(1);

/** SHA-256(0x00 ‖ entry): what the tree holds of an entry. */
export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256(concatBytes(LEAF_PREFIX, entry));
}

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes(NODE_PREFIX, left, right));
}

export interface InclusionClaim {
  readonly leafIndex: number;
  readonly treeSize: number;
  /** `leafHash` of the entry. */
  readonly leafHash: Uint8Array;
  readonly root: Uint8Array;
}

/** True when the audit path proves that the leaf stands at that index under that root. Never throws. */
export function verifyInclusion(claim: InclusionClaim, proof: readonly Uint8Array[]): boolean {
  if (!isSize(claim.treeSize) || !isSize(claim.leafIndex) || claim.leafIndex >= claim.treeSize) return false;
  if (![claim.leafHash, claim.root, ...proof].every(isHash)) return false;
  let node = claim.leafIndex;
  let last = claim.treeSize - 1;
  let hash = claim.leafHash;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(node) && node !== 0) {
        node /= 2;
        last = half(last);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && equalBytes(hash, claim.root);
}

export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly newSize: number;
  readonly newRoot: Uint8Array;
}

/**
 * True when the proof shows that the new tree starts with all leaves of the old one. From size 0 there is nothing to
 * prove: the proof must be empty and the old root `EMPTY_TREE_ROOT`. Never throws.
 */
export function verifyConsistency(claim: ConsistencyClaim, proof: readonly Uint8Array[]): boolean {
  const { oldSize, oldRoot, newSize, newRoot } = claim;
  if (!isSize(oldSize) || !isSize(newSize) || oldSize > newSize) return false;
  if (![oldRoot, newRoot, ...proof].every(isHash)) return false;
  if (oldSize === newSize) return proof.length === 0 && equalBytes(oldRoot, newRoot);
  if (oldSize === 0) return proof.length === 0 && equalBytes(oldRoot, EMPTY_TREE_ROOT);
  return proof.length > 0 && foldConsistency(claim, proof);
}

function foldConsistency(claim: ConsistencyClaim, proof: readonly Uint8Array[]): boolean {
  let node = claim.oldSize - 1;
  let last = claim.newSize - 1;
  while (isOdd(node)) {
    node = half(node);
    last = half(last);
  }
  const path = node === 0 ? [claim.oldRoot, ...proof] : proof;
  let oldHash = path[0] as Uint8Array;
  let newHash = oldHash;
  for (const sibling of path.slice(1)) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      oldHash = nodeHash(sibling, oldHash);
      newHash = nodeHash(sibling, newHash);
      while (!isOdd(node) && node !== 0) {
        node /= 2;
        last = half(last);
      }
    } else {
      newHash = nodeHash(newHash, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && equalBytes(oldHash, claim.oldRoot) && equalBytes(newHash, claim.newRoot);
}

const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const isHash = (bytes: Uint8Array): boolean => bytes.length === TREE_HASH_BYTES;
const isOdd = (value: number): boolean => value % 2 === 1;
const half = (value: number): number => Math.floor(value / 2);
