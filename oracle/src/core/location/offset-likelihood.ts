import { lossIndex, unitsOf } from './path-loss.ts';
import type { Place } from './place-grid.ts';
import type { Law, Observation, Point } from './place-likelihood.ts';

/** Residuals beyond are as unlikely as at it. */
export const LAST_RESIDUAL_DDB = 1500;
/** Nearer than that no link of two hotspots counts, and path loss has another law. */
const NEAREST_M = 300;
const NEAREST_SQUARE = unitsOf(NEAREST_M) ** 2;

/** The offsets tried, and of each its log-likelihood before anything is observed, micronats × 1/10,000. */
export interface Offsets {
  readonly offsetsDdb: readonly number[];
  readonly priors: readonly number[];
}

/**
 * What the observations that share one unknown offset of a hotspot say. Packed, because a search asks for hundreds of
 * places; and no further than needed: most offsets are out of the question after a few observations.
 */
export class OffsetLikelihood {
  readonly #offsetsDdb: readonly number[];
  readonly #priors: readonly number[];
  readonly #losses: readonly Int32Array[];
  /** By residual from −1500 ddB on. */
  readonly #terms: readonly Int32Array[];
  readonly #isSilent: readonly boolean[];
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #z: Float64Array;
  readonly #lossDdb: Int32Array;
  readonly #weights: Float64Array;
  /** What the observations from one on can add at most; at the end 0. */
  readonly #rest: Float64Array;
  /** The losses to expect of each at the place, or about the place, that was measured last. */
  readonly #least: Int32Array;
  readonly #most: Int32Array;
  /** Which offset was the likeliest last: at the next place it seldom is another. */
  #likeliest = 0;

  constructor(all: readonly Observation[], lawOf: (observation: Observation) => Law, { offsetsDdb, priors }: Offsets) {
    // What weighs most decides soonest.
    const observations = [...all].sort((a, b) => b.weight - a.weight);
    this.#offsetsDdb = offsetsDdb;
    this.#priors = priors;
    this.#losses = observations.map((one) => lawOf(one).loss);
    this.#terms = observations.map((one) => (one.kind === 'silent' ? lawOf(one).silent : lawOf(one).heard));
    this.#isSilent = observations.map(({ kind }) => kind === 'silent');
    this.#x = Float64Array.from(observations, ({ x }) => x);
    this.#y = Float64Array.from(observations, ({ y }) => y);
    this.#z = Float64Array.from(observations, ({ z }) => z);
    this.#lossDdb = Int32Array.from(observations, ({ lossDdb }) => lossDdb);
    this.#weights = Float64Array.from(observations, ({ weight }) => weight);
    this.#rest = new Float64Array(observations.length + 1);
    for (let i = observations.length - 1; i >= 0; i--) {
      const most = (this.#weights[i] as number) * greatestOf(this.#terms[i] as Int32Array);
      this.#rest[i] = (this.#rest[i + 1] as number) + most;
    }
    this.#least = new Int32Array(observations.length);
    this.#most = new Int32Array(observations.length);
  }

  /** No place and no offset has more. */
  get mostPossible(): number {
    return (this.#rest[0] as number) + Math.max(...this.#priors);
  }

  /** The losses to expect at a place. */
  measure(place: Point): void {
    for (let i = 0; i < this.#x.length; i++) {
      const loss = lossOver(this.#losses[i] as Int32Array, this.#squareTo(place, i));
      this.#least[i] = loss;
      this.#most[i] = loss;
    }
  }

  /** The ranges of losses to expect within the reach of a cell's centre. */
  measureAround(place: Place): void {
    for (let i = 0; i < this.#x.length; i++) {
      const losses = this.#losses[i] as Int32Array;
      const distance = Math.sqrt(this.#squareTo(place, i));
      const nearer = Math.max(0, distance - place.reach);
      const farther = distance + place.reach;
      const most = lossOver(losses, farther * farther);
      this.#most[i] = most;
      // Silence is likeliest from afar.
      this.#least[i] = this.#isSilent[i] ? most : lossOver(losses, nearer * nearer);
    }
  }

  /** Under the likeliest offset; −∞ where that is less than `atLeast`. */
  greatest(atLeast: number): number {
    const first = this.#likeliest;
    let best = this.#under(first, atLeast);
    for (let o = 0; o < this.#offsetsDdb.length; o++) {
      if (o === first) continue;
      const value = this.#under(o, Math.max(best, atLeast));
      if (value <= best) continue;
      best = value;
      this.#likeliest = o;
    }
    return best;
  }

  /**
   * The most they can come to under one offset over their ranges of losses; −∞ as soon as it is certain to be less than
   * `atLeast`.
   */
  #under(o: number, atLeast: number): number {
    const [lossDdb, leasts, mosts] = [this.#lossDdb, this.#least, this.#most];
    const [terms, weights, rest] = [this.#terms, this.#weights, this.#rest];
    const offsetDdb = this.#offsetsDdb[o] as number;
    let sum = this.#priors[o] as number;
    for (let i = 0; i < weights.length; i++) {
      if (sum + (rest[i] as number) < atLeast) return Number.NEGATIVE_INFINITY;
      const corrected = (lossDdb[i] as number) + offsetDdb;
      const [least, most] = [leasts[i] as number, mosts[i] as number];
      const residual = corrected > most ? corrected - most : corrected < least ? corrected - least : 0;
      sum += (weights[i] as number) * termAt(terms[i] as Int32Array, residual);
    }
    return sum < atLeast ? Number.NEGATIVE_INFINITY : sum;
  }

  #squareTo(place: Point, i: number): number {
    const dx = place.x - (this.#x[i] as number);
    const dy = place.y - (this.#y[i] as number);
    const dz = place.z - (this.#z[i] as number);
    return dx * dx + dy * dy + dz * dz;
  }
}

/** The mean loss over a distance, given its square. */
export function lossOver(losses: Int32Array, square: number): number {
  return losses[lossIndex(square < NEAREST_SQUARE ? NEAREST_SQUARE : square)] as number;
}

/** Of a table by residual. */
export function termAt(table: Int32Array, residualDdb: number): number {
  const index = residualDdb + LAST_RESIDUAL_DDB;
  return table[index < 0 ? 0 : index >= table.length ? table.length - 1 : index] as number;
}

const greatests = new WeakMap<Int32Array, number>();

function greatestOf(table: Int32Array): number {
  const greatest = greatests.get(table) ?? table.reduce((most, term) => Math.max(most, term));
  greatests.set(table, greatest);
  return greatest;
}
