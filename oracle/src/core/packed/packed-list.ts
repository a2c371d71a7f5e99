/** A list whose items are made when they are asked for: it holds columns, not objects. */
export interface PackedList<T> extends Iterable<T> {
  readonly length: number;
  /** Throws RangeError outside 0 … length − 1. */
  at(index: number): T;
}

export function packedList<T>(length: number, itemAt: (index: number) => T): PackedList<T> {
  return {
    length,
    at(index) {
      if (!Number.isInteger(index) || index < 0 || index >= length)
        throw new RangeError(`no item ${index} of ${length}`);
      return itemAt(index);
    },
    *[Symbol.iterator]() {
      for (let i = 0; i < length; i++) yield itemAt(i);
    },
  };
}
