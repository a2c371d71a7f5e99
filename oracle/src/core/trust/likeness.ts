import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';

type Numbers = TrustNumbers['collusion'];

/** Who looks like whom by either direction so far. */
export class Likeness {
  readonly #since: readonly number[];
  readonly #numbers: Numbers;
  /** Of pairs that look rather like one than like two, micronats. */
  readonly #scores = new Map<number, number>();
  /** By radio: those that are half as alike to it as twins are. */
  readonly #alike = new Map<number, Set<number>>();

  #likely: ReadonlyMap<number, readonly number[]> | undefined;

  /** `since`: by radio the epoch its place's history began in. */
  constructor(since: readonly number[], numbers: Numbers) {
    this.#since = since;
    this.#numbers = numbers;
  }

  /** The greatest of what is said of a pair counts. */
  note(pair: number, micronats: number): void {
    if (micronats <= (this.#scores.get(pair) ?? 0)) return;
    this.#scores.set(pair, micronats);
    if (2 * micronats <= this.#numbers.twinMicronats) return;
    const [a, b] = [Math.floor(pair / this.#since.length), pair % this.#since.length];
    this.#alike.set(a, (this.#alike.get(a) ?? new Set()).add(b));
    this.#alike.set(b, (this.#alike.get(b) ?? new Set()).add(a));
  }

  /** Pairs with a score above a least one, the highest first. */
  plainestFirst(leastMicronats: number): [number, number][] {
    return [...this.#scores]
      .filter(([, micronats]) => micronats > leastMicronats)
      .sort(([a, of], [b, than]) => than - of || a - b)
      .map(([pair]) => [Math.floor(pair / this.#since.length), pair % this.#since.length]);
  }

  /** Those that look rather like one with a radio, ascending. */
  likelyOf(radio: number): readonly number[] {
    this.#likely ??= likelyByRadio(this.#scores.keys(), this.#since.length);
    return this.#likely.get(radio) ?? [];
  }

  isLikelierOne(a: number, b: number): boolean {
    const size = this.#since.length;
    return this.#scores.has(a < b ? a * size + b : b * size + a);
  }

  /** Whether two came together. */
  areOfOneAge(a: number, b: number): boolean {
    return this.#since[a] === this.#since[b];
  }

  /**
   * Places in `ends` that count for some radios: of those not left out, and of those that look like each other the first. Who was
   * there before all of them is asked, or, if too few were, who came no later: those that come together say of each other what
   * they like.
   */
  independentOf(ends: readonly number[], radios: readonly number[], isLeftOut: (end: number) => boolean): number[] {
    const first = Math.min(...radios.map((radio) => this.#since[radio] as number));
    const elders = this.#independent(ends, (end) => (this.#since[end] as number) < first && !isLeftOut(end));
    if (elders.length >= this.#numbers.twinLinks) return elders;
    return this.#independent(ends, (end) => (this.#since[end] as number) <= first && !isLeftOut(end));
  }

  #independent(ends: readonly number[], isAsked: (end: number) => boolean): number[] {
    const kept = new Set<number>();
    return [...ends.keys()].filter((i) => {
      const end = ends[i] as number;
      return isAsked(end) && !this.#isAlikeToAny(end, kept) && kept.add(end);
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
