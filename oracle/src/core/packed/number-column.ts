type Numbers = Int32Array | Float64Array | Uint8Array;

/** A growing column of numbers of one machine type. */
export class NumberColumn {
  #values: Numbers;
  #count = 0;

  private constructor(values: Numbers) {
    this.#values = values;
  }

  /** −2^31 … 2^31 − 1. */
  static int32(): NumberColumn {
    return new NumberColumn(new Int32Array(16));
  }

  /** Safe integers. */
  static float64(): NumberColumn {
    return new NumberColumn(new Float64Array(16));
  }

  /** 0 … 255. */
  static uint8(): NumberColumn {
    return new NumberColumn(new Uint8Array(16));
  }

  get count(): number {
    return this.#count;
  }

  push(value: number): void {
    if (this.#count === this.#values.length) {
      const grown = new (this.#values.constructor as new (length: number) => Numbers)(2 * this.#count);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#count++] = value;
  }

  at(index: number): number {
    return this.#values[index] as number;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }
}
