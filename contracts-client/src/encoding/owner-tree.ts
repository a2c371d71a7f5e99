import { keccak_256 } from '@noble/hashes/sha3.js';

/**
 * The tree a reward distributor contract checks claims against: OpenZeppelin's StandardMerkleTree ("standard-v1") with
 * the leaf encoding ["address", "uint256"], so that OpenZeppelin's MerkleProof.verify accepts its proofs.
 */
export interface OwnerLeaf {
  /** EVM address, 20 bytes. */
  readonly owner: Uint8Array;
  /** Base units since genesis, below 2^256. */
  readonly cumulative: bigint;
}

export interface OwnerTree {
  /** 32 bytes; all zero for a tree without leaves, which no proof can lead to. */
  readonly root: Uint8Array;
  /** Sibling hashes from the leaf up; undefined for an owner who has no leaf. */
  findProof(owner: Uint8Array): readonly Uint8Array[] | undefined;
}

const HASH_BYTES = 32;
const OWNER_BYTES = 20;
const WORD_BYTES = 32;

/** keccak256(keccak256(abi.encode(owner, cumulative))): hashed twice, so that no inner node can pass for a leaf. */
export function ownerLeafHash(leaf: OwnerLeaf): Uint8Array {
  return keccak_256(keccak_256(abiEncode(leaf)));
}

function abiEncode({ owner, cumulative }: OwnerLeaf): Uint8Array {
  if (owner.length !== OWNER_BYTES) throw new RangeError(`an address has 20 bytes, got ${owner.length}`);
  if (cumulative < 0n || cumulative >> 256n !== 0n) throw new RangeError(`${cumulative} does not fit a uint256`);
  const words = new Uint8Array(2 * WORD_BYTES);
  words.set(owner, WORD_BYTES - OWNER_BYTES);
  for (let i = 2 * WORD_BYTES - 1, rest = cumulative; rest > 0n; i--, rest >>= 8n) words[i] = Number(rest & 0xffn);
  return words;
}

/** keccak256 of the pair in ascending order: a proof needs no left and right. */
function nodeHash(a: Uint8Array, b: Uint8Array): Uint8Array {
  const pair = new Uint8Array(2 * HASH_BYTES);
  const ascending = compare(a, b) <= 0;
  pair.set(ascending ? a : b, 0);
  pair.set(ascending ? b : a, HASH_BYTES);
  return keccak_256(pair);
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < HASH_BYTES; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

const nameOf = (owner: Uint8Array): string => String.fromCharCode(...owner);

/** Builds the tree; the order of `leaves` does not matter. Throws RangeError for an owner named twice. */
export function createOwnerTree(leaves: readonly OwnerLeaf[]): OwnerTree {
  const sorted = leaves.map((leaf) => ({ name: nameOf(leaf.owner), hash: ownerLeafHash(leaf) }));
  sorted.sort((a, b) => compare(a.hash, b.hash));
  const count = sorted.length;
  const nodes = new Uint8Array(Math.max(0, 2 * count - 1) * HASH_BYTES);
  const at = (index: number): Uint8Array => nodes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
  const indexOf = new Map<string, number>();
  sorted.forEach(({ name, hash }, i) => {
    if (indexOf.has(name)) throw new RangeError('an owner has more than one leaf');
    const index = 2 * count - 2 - i;
    indexOf.set(name, index);
    nodes.set(hash, index * HASH_BYTES);
  });
  for (let i = count - 2; i >= 0; i--) nodes.set(nodeHash(at(2 * i + 1), at(2 * i + 2)), i * HASH_BYTES);
  return {
    root: count === 0 ? new Uint8Array(HASH_BYTES) : at(0).slice(),
    findProof(owner) {
      let index = indexOf.get(nameOf(owner));
      if (index === undefined) return undefined;
      const proof: Uint8Array[] = [];
      for (; index > 0; index = Math.floor((index - 1) / 2)) {
        proof.push(at(index % 2 === 1 ? index + 1 : index - 1).slice());
      }
      return proof;
    },
  };
}

/** Whether the proof leads from the leaf to the root, as the contract computes it. */
export function verifyOwnerProof(root: Uint8Array, leaf: OwnerLeaf, proof: readonly Uint8Array[]): boolean {
  if (root.length !== HASH_BYTES || proof.some((sibling) => sibling.length !== HASH_BYTES)) return false;
  return compare(proof.reduce(nodeHash, ownerLeafHash(leaf)), root) === 0;
}
