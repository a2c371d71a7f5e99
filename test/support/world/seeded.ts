import { createHash } from 'node:crypto';

/** A stream of numbers that depends on nothing but its seed. */
export interface Seeded {
  /** 0 ≤ x < 1. */
  next(): number;
  /** least … most, both inclusive. */
  integer(least: number, most: number): number;
  pick<T>(items: readonly T[]): T;
  /** A shuffled copy. */
  shuffle<T>(items: readonly T[]): T[];
}

export function createSeeded(seed: number): Seeded {
  let state = seed >>> 0;
  // mulberry32, Tommy Ettinger, public domain.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    integer,
    pick: (items) => items[integer(0, items.length - 1)] as (typeof items)[number],
    shuffle(items) {
      const copy = [...items];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = integer(0, i);
        [copy[i], copy[j]] = [copy[j] as (typeof copy)[number], copy[i] as (typeof copy)[number]];
      }
      return copy;
    },
  };
}

/** 32 bytes named by words: a key seed, a code. */
export function seededBytes(...words: (string | number)[]): Uint8Array {
  return new Uint8Array(createHash('sha256').update(words.join('/')).digest());
}
