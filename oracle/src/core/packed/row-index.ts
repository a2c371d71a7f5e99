import { sha256 } from '@noble/hashes/sha2.js';
import { readUint32 } from '@sextant/firmware-bridge/protocol';
import { ByteRows } from './byte-rows.ts';

const EMPTY = -1;
const WORD_BYTES = 4;

/**
 * A set of equally long keys (a multiple of four bytes), numbered from 0 in the order they came: open addressing over one
 * table of rows, multilinear hashing. Strangers choose the keys, so where they lie depends on `salt`: with one that nobody
 * can foresee, nobody can make keys pile up. No number depends on it.
 */
export class RowIndex {
  readonly rows: ByteRows;
  readonly #factors: readonly number[];
  #bits = 6;
  #buckets: Int32Array = new Int32Array(64).fill(EMPTY);

  constructor(width: number, salt: Uint8Array) {
    this.rows = new ByteRows(width);
    const factors: number[] = [];
    for (let digest = sha256(salt); factors.length < width / WORD_BYTES; digest = sha256(digest)) {
      for (let at = 0; at < digest.length; at += WORD_BYTES) factors.push(readUint32(digest, at) | 1);
    }
    this.#factors = factors.slice(0, width / WORD_BYTES);
  }

  get count(): number {
    return this.rows.count;
  }

  /** Number of the key, or −1. */
  find(key: Uint8Array): number {
    return this.#buckets[this.#bucketOf(key)] as number;
  }

  /** Number of the key; it is added when it is new, and then the number is the former `count`. */
  add(key: Uint8Array): number {
    const bucket = this.#bucketOf(key);
    const known = this.#buckets[bucket] as number;
    if (known !== EMPTY) return known;
    const row = this.rows.push(key);
    this.#buckets[bucket] = row;
    if (2 * this.rows.count > this.#buckets.length) this.#grow();
    return row;
  }

  /** The bucket that holds the key, or the empty one where it belongs. */
  #bucketOf(key: Uint8Array): number {
    const mask = this.#buckets.length - 1;
    let bucket = this.#hash(key) >>> (32 - this.#bits);
    for (;;) {
      const row = this.#buckets[bucket] as number;
      if (row === EMPTY || this.rows.equals(row, key)) return bucket;
      bucket = (bucket + 1) & mask;
    }
  }

  /** Its upper bits are universal (Dietzfelbinger's multiply-shift, a word at a time). */
  #hash(key: Uint8Array): number {
    let sum = 0;
    for (let i = 0, at = 0; i < this.#factors.length; i++, at += WORD_BYTES) {
      const word =
        ((key[at] as number) << 24) |
        ((key[at + 1] as number) << 16) |
        ((key[at + 2] as number) << 8) |
        (key[at + 3] as number);
      sum = (sum + Math.imul(word, this.#factors[i] as number)) | 0;
    }
    return sum;
  }

  #grow(): void {
    this.#bits++;
    this.#buckets = new Int32Array(2 * this.#buckets.length).fill(EMPTY);
    for (let row = 0; row < this.rows.count; row++) this.#buckets[this.#bucketOf(this.rows.at(row))] = row;
  }
}
