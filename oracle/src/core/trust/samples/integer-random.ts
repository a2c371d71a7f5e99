/** Whole numbers from a seed, the same everywhere: xorshift32 (Marsaglia 2003). For samples, never for the protocol. */
export class IntegerRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = (Math.imul(seed, 0x9e37_79b1) ^ 0x5bd1_e995) >>> 0 || 1;
    for (let i = 0; i < 8; i++) this.#next();
  }

  #next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state;
  }

  /** 0 … bound − 1. */
  below(bound: number): number {
    return this.#next() % bound;
  }

  /** Nearly normal around 0 with that spread, rounded down: the sum of twelve uniform numbers. */
  normal(spread: number): number {
    let sum = 0;
    for (let i = 0; i < 12; i++) sum += this.below(1 << 20);
    return Math.floor(((sum - 6 * (1 << 20)) * spread) / (1 << 20));
  }
}
