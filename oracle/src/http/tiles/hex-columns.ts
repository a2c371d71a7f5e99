import { type HexValues, NO_ESP } from './coverage-row.ts';
import type { HexId } from './hex-id.ts';

/**
 * Hexagons of one resolution as columns sorted by id: 17 bytes each, so that ten million fit in 170 MB. Rows are appended in
 * ascending order only.
 */
export class HexColumns {
  #length = 0;
  #ids: Float64Array;
  #states: Uint8Array;
  #esps: Int16Array;
  #witnesses: Uint16Array;
  #seen: Uint32Array;

  constructor(capacity = 1024) {
    this.#ids = new Float64Array(capacity);
    this.#states = new Uint8Array(capacity);
    this.#esps = new Int16Array(capacity);
    this.#witnesses = new Uint16Array(capacity);
    this.#seen = new Uint32Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  id(index: number): HexId {
    return this.#ids[index] ?? Number.NaN;
  }

  read(index: number, into: HexValues): void {
    into.state = this.#states[index] ?? 0;
    into.esp = this.#esps[index] ?? NO_ESP;
    into.witnesses = this.#witnesses[index] ?? 0;
    into.seen = this.#seen[index] ?? 0;
  }

  write(index: number, values: Readonly<HexValues>): void {
    this.#states[index] = values.state;
    this.#esps[index] = values.esp;
    this.#witnesses[index] = values.witnesses;
    this.#seen[index] = values.seen;
  }

  /** @throws RangeError when `id` is not greater than the last one: two rows for one cell, or rows out of order. */
  append(id: HexId, values: Readonly<HexValues>): void {
    if (this.#length > 0 && id <= this.id(this.#length - 1)) throw new RangeError(`Hexagon ${id} is not in order`);
    if (this.#length === this.#ids.length) this.#grow();
    this.#ids[this.#length] = id;
    this.write(this.#length, values);
    this.#length += 1;
  }

  /** Index of the first id ≥ `id`. */
  lowerBound(id: HexId): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.id(middle) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The columns' bytes one after the other: what a content hash is made of. */
  *bytes(): Generator<Uint8Array> {
    for (const column of [this.#ids, this.#states, this.#esps, this.#witnesses, this.#seen]) {
      const used = column.subarray(0, this.#length);
      yield new Uint8Array(used.buffer, used.byteOffset, used.byteLength);
    }
  }

  /** Gives back the room that was kept for growing. */
  trim(): void {
    this.#resize(this.#length);
  }

  #grow(): void {
    this.#resize(Math.ceil(this.#ids.length * 1.5) + 16);
  }

  #resize(capacity: number): void {
    this.#ids = resized(this.#ids, new Float64Array(capacity));
    this.#states = resized(this.#states, new Uint8Array(capacity));
    this.#esps = resized(this.#esps, new Int16Array(capacity));
    this.#witnesses = resized(this.#witnesses, new Uint16Array(capacity));
    this.#seen = resized(this.#seen, new Uint32Array(capacity));
  }
}

type Column = Float64Array | Uint8Array | Int16Array | Uint16Array | Uint32Array;

function resized<C extends Column>(from: C, to: C): C {
  to.set(from.subarray(0, to.length));
  return to;
}
