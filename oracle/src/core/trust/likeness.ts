import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';

type Numbers = TrustNumbers['collusion'];

/** Who looks like whom by either direction so far. */
export class Likeness {
  readonly #size: number;
  readonly #enough: number;
  /** Of pairs that look rather like one than like two, micronats. */
  readonly #scores = new Map<number, number>();
  /** By radio: those that are half as alike to it as twins are. */
  readonly #alike = new Map<number, Set<number>>();

  #likely: ReadonlyMap<number, readonly number[]> | undefined;

  constructor(size: number, { twinMicronats }: Numbers) {
    this.#size = size;
    this.#enough = twinMicronats / 2;
  }

  /** The greatest of what is said of a pair counts. */
  note(pair: number, micronats: number): void {
    if (micronats <= (this.#scores.get(pair) ?? 0)) return;
    this.#scores.set(pair, micronats);
    if (micronats <= this.#enough) return;
    const [a, b] = [Math.floor(pair / this.#size), pair % this.#size];
    this.#alike.set(a, (this.#alike.get(a) ?? new Set()).add(b));
    this.#alike.set(b, (this.#alike.get(b) ?? new Set()).add(a));
  }

  /** Pairs with a score above a least one, the highest first. */
  plainestFirst(leastMicronats: number): [number, number][] {
    return [...this.#scores]
      .filter(([, micronats]) => micronats > leastMicronats)
      .sort(([a, of], [b, than]) => than - of || a - b)
      .map(([pair]) => [Math.floor(pair / this.#size), pair % this.#size]);
  }

  /** Those that look rather like one with a radio, ascending. */
  likelyOf(radio: number): readonly number[] {
    this.#likely ??= likelyByRadio(this.#scores.keys(), this.#size);
    return this.#likely.get(radio) ?? [];
  }

  isLikelierOne(a: number, b: number): boolean {
    return this.#scores.has(a < b ? a * this.#size + b : b * this.#size + a);
  }

  /** Places in `ends` that count: of those not left out, and of those that look like each other the first. */
  independentOf(ends: readonly number[], isLeftOut: (end: number) => boolean): number[] {
    const kept = new Set<number>();
    return [...ends.keys()].filter((i) => {
      const end = ends[i] as number;
      return !isLeftOut(end) && !this.#isAlikeToAny(end, kept) && kept.add(end);
    });
  }

  #isAlikeToAny(radio: number, others: ReadonlySet<number>): boolean {
    for (const other of this.#alike.get(radio) ?? NOBODY) if (others.has(other)) return true;
    return false;
  }
}

function likelyByRadio(pairs: Iterable<number>, size: number): Map<number, number[]> {
  const likely = new Map<number, number[]>();
  for (const pair of pairs) {
    const ends = [Math.floor(pair / size), pair % size] as const;
    for (const [a, b] of [ends, [ends[1], ends[0]] as const]) {
      const known = likely.get(a);
      if (known) known.push(b);
      else likely.set(a, [b]);
    }
  }
  for (const others of likely.values()) others.sort((a, b) => a - b);
  return likely;
}

const NOBODY: ReadonlySet<number> = new Set();
