import { NumberColumn } from './number-column.ts';

const CHUNK_BYTES = 1 << 20;

/** Byte strings of any length in large chunks: no object and no buffer of its own for each. */
export class ByteRecords {
  readonly #chunks: Uint8Array[] = [];
  readonly #chunkOf = NumberColumn.int32();
  readonly #startOf = NumberColumn.int32();
  readonly #lengthOf = NumberColumn.int32();
  #used = CHUNK_BYTES;

  get count(): number {
    return this.#chunkOf.count;
  }

  /** Number of the new record. */
  push(record: Uint8Array): number {
    if (this.#used + record.length > (this.#chunks.at(-1)?.length ?? 0)) {
      this.#chunks.push(new Uint8Array(Math.max(CHUNK_BYTES, record.length)));
      this.#used = 0;
    }
    (this.#chunks.at(-1) as Uint8Array).set(record, this.#used);
    this.#chunkOf.push(this.#chunks.length - 1);
    this.#startOf.push(this.#used);
    this.#lengthOf.push(record.length);
    this.#used += record.length;
    return this.count - 1;
  }

  /** A view; records never move. */
  at(index: number): Uint8Array {
    const start = this.#startOf.at(index);
    return (this.#chunks[this.#chunkOf.at(index)] as Uint8Array).subarray(start, start + this.#lengthOf.at(index));
  }
}
