import { readUint32 } from '@sextant/firmware-bridge/protocol';
import { ByteRows } from './byte-rows.ts';

const EMPTY = -1;

/**
 * A set of equally long keys, numbered from 0 in the order they came: open addressing over one table of rows. Made for
 * hashes and public keys, whose first four bytes are spread well enough to be the hash.
 */
export class RowIndex {
  readonly rows: ByteRows;
  #buckets: Int32Array = new Int32Array(64).fill(EMPTY);

  constructor(width: number) {
    this.rows = new ByteRows(width);
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
    let bucket = readUint32(key, 0) & mask;
    for (;;) {
      const row = this.#buckets[bucket] as number;
      if (row === EMPTY || this.rows.equals(row, key)) return bucket;
      bucket = (bucket + 1) & mask;
    }
  }

  #grow(): void {
    this.#buckets = new Int32Array(2 * this.#buckets.length).fill(EMPTY);
    for (let row = 0; row < this.rows.count; row++) this.#buckets[this.#bucketOf(this.rows.at(row))] = row;
  }
}
