/** A seeded stream of numbers: the same seed gives the same world on every machine. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** Integer in [0, below). */
  below(limit: number): number;
  between(low: number, high: number): number;
  /** Standard normal. */
  normal(): number;
  pick<T>(items: readonly T[]): T;
  bytes(length: number): Uint8Array;
  /** An independent stream with its own name. */
  fork(name: string): Random;
}

/** sfc32 (Chris Doty-Humphrey, PractRand), seeded from a text through FNV-1a and splitmix32. */
export function createRandom(seed: string): Random {
  let [a, b, c, counter] = seedWords(seed);
  const uint32 = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) uint32();
  const next = (): number => uint32() / 2 ** 32;
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    between: (low, high) => low + (high - low) * next(),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    pick(items) {
      const item = items[below(items.length)];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
    fork: (name) => createRandom(`${seed}/${name}`),
  };
}

function seedWords(seed: string): [number, number, number, number] {
  let hash = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193);
  const splitmix = (): number => {
    hash = (hash + 0x9e3779b9) | 0;
    let t = hash ^ (hash >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return t ^ (t >>> 15);
  };
  return [splitmix(), splitmix(), splitmix(), 1];
}
