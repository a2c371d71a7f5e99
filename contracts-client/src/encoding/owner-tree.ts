import { addressWord, uintWord } from './abi-words.ts';
import { BlockHasher, bytesOfWords } from './keccak-block.ts';

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
const HASH_WORDS = HASH_BYTES / 4;

/** Hashes in a row, 8 little-endian words each: a tree works on words, and makes bytes only of what it gives away. */
type Hashes = Int32Array;

/** keccak256(keccak256(abi.encode(owner, cumulative))): hashed twice, so that no inner node can pass for a leaf. */
function writeLeaf(hasher: BlockHasher, { owner, cumulative }: OwnerLeaf, hashes: Hashes, at: number): void {
  writeWords(addressWord(owner), hasher.words, 0);
  writeWords(uintWord(cumulative, 256), hasher.words, HASH_WORDS);
  hasher.hash(2 * HASH_BYTES);
  hasher.hash(HASH_BYTES);
  copyHash(hasher.words, 0, hashes, at);
}

/** keccak256 of the pair in ascending order: a proof needs no left and right. */
function writeNode(hasher: BlockHasher, hashes: Hashes, one: number, other: number, at: number): void {
  const ascending = compareHashes(hashes, one, other) <= 0;
  copyHash(hashes, ascending ? one : other, hasher.words, 0);
  copyHash(hashes, ascending ? other : one, hasher.words, HASH_WORDS);
  hasher.hash(2 * HASH_BYTES);
  copyHash(hasher.words, 0, hashes, at);
}

function writeWords(bytes: Uint8Array, words: Int32Array, at: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let i = 0; i < HASH_WORDS; i++) words[at + i] = view.getInt32(4 * i, true);
}

function copyHash(from: Hashes, start: number, to: Hashes, at: number): void {
  for (let i = 0; i < HASH_WORDS; i++) to[at + i] = from[start + i] as number;
}

/** The order of their bytes: negative, zero or positive. */
function compareHashes(hashes: Hashes, one: number, other: number): number {
  for (let i = 0; i < HASH_WORDS; i++) {
    const [a, b] = [hashes[one + i] as number, hashes[other + i] as number];
    if (a !== b) return leadingNumber(a) - leadingNumber(b);
  }
  return 0;
}

/** A word as its bytes read: the first one weighs most. */
const leadingNumber = (word: number): number =>
  ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;

const nameOf = (owner: Uint8Array): string => String.fromCharCode.apply(null, owner as unknown as number[]);

/** Places of the hashes in ascending order. */
function sortHashes(hashes: Hashes, count: number): readonly number[] {
  const sorted = Array.from({ length: count }, (_, i) => ({
    at: i * HASH_WORDS,
    // The first 6 bytes as one number decide nearly every comparison of the sort.
    prefix:
      leadingNumber(hashes[i * HASH_WORDS] as number) * 2 ** 16 +
      (leadingNumber(hashes[i * HASH_WORDS + 1] as number) >>> 16),
  }));
  sorted.sort((a, b) => a.prefix - b.prefix || compareHashes(hashes, a.at, b.at));
  return sorted.map(({ at }) => at);
}

/** Builds the tree; the order of `leaves` does not matter. Throws RangeError for an owner named twice. */
export function createOwnerTree(leaves: readonly OwnerLeaf[]): OwnerTree {
  const hasher = new BlockHasher();
  const count = leaves.length;
  const unsorted = new Int32Array(count * HASH_WORDS);
  leaves.forEach((leaf, i) => writeLeaf(hasher, leaf, unsorted, i * HASH_WORDS));
  const nodes = new Int32Array(Math.max(0, 2 * count - 1) * HASH_WORDS);
  const indexOf = new Map<string, number>();
  sortHashes(unsorted, count).forEach((from, i) => {
    const index = 2 * count - 2 - i;
    indexOf.set(nameOf((leaves[from / HASH_WORDS] as OwnerLeaf).owner), index);
    copyHash(unsorted, from, nodes, index * HASH_WORDS);
  });
  if (indexOf.size !== count) throw new RangeError('an owner has more than one leaf');
  for (let i = count - 2; i >= 0; i--) {
    writeNode(hasher, nodes, (2 * i + 1) * HASH_WORDS, (2 * i + 2) * HASH_WORDS, i * HASH_WORDS);
  }
  return {
    root: count === 0 ? new Uint8Array(HASH_BYTES) : bytesOfWords(nodes, 0),
    findProof(owner) {
      let index = indexOf.get(nameOf(owner));
      if (index === undefined) return undefined;
      const proof: Uint8Array[] = [];
      for (; index > 0; index = Math.floor((index - 1) / 2)) {
        proof.push(bytesOfWords(nodes, (index % 2 === 1 ? index + 1 : index - 1) * HASH_WORDS));
      }
      return proof;
    },
  };
}

/** Whether the proof leads from the leaf to the root, as the contract computes it. */
export function verifyOwnerProof(root: Uint8Array, leaf: OwnerLeaf, proof: readonly Uint8Array[]): boolean {
  if (root.length !== HASH_BYTES || proof.some((sibling) => sibling.length !== HASH_BYTES)) return false;
  const hasher = new BlockHasher();
  const hashes = new Int32Array(2 * HASH_WORDS);
  writeLeaf(hasher, leaf, hashes, 0);
  for (const sibling of proof) {
    writeWords(sibling, hashes, HASH_WORDS);
    writeNode(hasher, hashes, 0, HASH_WORDS, 0);
  }
  writeWords(root, hashes, HASH_WORDS);
  return compareHashes(hashes, 0, HASH_WORDS) === 0;
}
