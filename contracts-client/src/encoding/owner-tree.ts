import { addressWord, compareBytes, uintWord } from './abi-words.ts';
import { keccakBlock } from './keccak-block.ts';

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

/** Room for one hash at a time, and for the pair that goes into it. */
class PairHasher {
  readonly #pair = new Uint8Array(2 * HASH_BYTES);
  readonly #pairView = new DataView(this.#pair.buffer);
  readonly #state = new Uint32Array(50);

  /** keccak256(keccak256(abi.encode(owner, cumulative))): hashed twice, so that no inner node can pass for a leaf. */
  leaf({ owner, cumulative }: OwnerLeaf): Uint8Array {
    this.#pair.set(addressWord(owner), 0);
    this.#pair.set(uintWord(cumulative, 256), HASH_BYTES);
    const hash = new DataView(new ArrayBuffer(HASH_BYTES));
    keccakBlock(this.#state, this.#pairView, hash, 0);
    keccakBlock(this.#state, hash, hash, 0);
    return new Uint8Array(hash.buffer);
  }

  /** keccak256 of the pair in ascending order: a proof needs no left and right. */
  node(a: Uint8Array, b: Uint8Array, output: DataView, offset: number): void {
    const ascending = compareBytes(a, b) <= 0;
    this.#pair.set(ascending ? a : b, 0);
    this.#pair.set(ascending ? b : a, HASH_BYTES);
    keccakBlock(this.#state, this.#pairView, output, offset);
  }
}

function leadingNumber(hash: Uint8Array): number {
  const view = new DataView(hash.buffer, hash.byteOffset);
  return view.getUint32(0) * 2 ** 16 + view.getUint16(4);
}

const nameOf = (owner: Uint8Array): string => String.fromCharCode(...owner);

/** Builds the tree; the order of `leaves` does not matter. Throws RangeError for an owner named twice. */
export function createOwnerTree(leaves: readonly OwnerLeaf[]): OwnerTree {
  const hasher = new PairHasher();
  const sorted = leaves.map((leaf) => {
    const hash = hasher.leaf(leaf);
    // The first 6 bytes as one number decide nearly every comparison of the sort.
    return { name: nameOf(leaf.owner), hash, prefix: leadingNumber(hash) };
  });
  sorted.sort((a, b) => a.prefix - b.prefix || compareBytes(a.hash, b.hash));
  const count = sorted.length;
  const nodes = new Uint8Array(Math.max(0, 2 * count - 1) * HASH_BYTES);
  const view = new DataView(nodes.buffer);
  const at = (index: number): Uint8Array => nodes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
  const indexOf = new Map<string, number>();
  sorted.forEach(({ name, hash }, i) => {
    if (indexOf.has(name)) throw new RangeError('an owner has more than one leaf');
    const index = 2 * count - 2 - i;
    indexOf.set(name, index);
    nodes.set(hash, index * HASH_BYTES);
  });
  for (let i = count - 2; i >= 0; i--) hasher.node(at(2 * i + 1), at(2 * i + 2), view, i * HASH_BYTES);
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
  const hasher = new PairHasher();
  const hash = hasher.leaf(leaf);
  const view = new DataView(hash.buffer);
  for (const sibling of proof) hasher.node(hash, sibling, view, 0);
  return compareBytes(hash, root) === 0;
}
