/** A growing table of rows of equal width in one buffer: for hashes and keys by the hundred thousand. */
export class ByteRows {
  readonly width: number;
  #bytes: Uint8Array;
  #count = 0;

  constructor(width: number) {
    this.width = width;
    this.#bytes = new Uint8Array(16 * width);
  }

  get count(): number {
    return this.#count;
  }

  /** Number of the new row. Throws RangeError for another width. */
  push(row: Uint8Array): number {
    if (row.length !== this.width) throw new RangeError(`a row has ${this.width} bytes, got ${row.length}`);
    const at = this.#count * this.width;
    if (at === this.#bytes.length) {
      const grown = new Uint8Array(2 * at);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(row, at);
    return this.#count++;
  }

  /** A view, good until the next `push`. */
  at(index: number): Uint8Array {
    return this.#bytes.subarray(index * this.width, (index + 1) * this.width);
  }

  /** A copy that stays. */
  copyAt(index: number): Uint8Array {
    return this.at(index).slice();
  }

  equals(index: number, row: Uint8Array): boolean {
    const start = index * this.width;
    for (let i = 0; i < this.width; i++) if (this.#bytes[start + i] !== row[i]) return false;
    return true;
  }

  /** Byte-wise order of two rows. */
  compare(a: number, b: number): number {
    const [first, second] = [a * this.width, b * this.width];
    for (let i = 0; i < this.width; i++) {
      const difference = (this.#bytes[first + i] as number) - (this.#bytes[second + i] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}
