/** Writes integers 0 … 2^53 − 1 of seven bits a byte, lowest first, into one buffer that is used again and again. */
export class VarintWriter {
  #buffer = new Uint8Array(1024);
  #length = 0;

  clear(): void {
    this.#length = 0;
  }

  write(value: number): void {
    if (this.#length + 8 > this.#buffer.length) {
      const grown = new Uint8Array(2 * this.#buffer.length);
      grown.set(this.#buffer);
      this.#buffer = grown;
    }
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.#buffer[this.#length++] = (rest % 128) + 128;
    this.#buffer[this.#length++] = rest;
  }

  /** A view of what has been written since `clear`; good until the next `clear`. */
  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }
}
