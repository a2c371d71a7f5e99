import { lossOver, OffsetLikelihood, type Offsets, termAt } from './offset-likelihood.ts';
import type { Place } from './place-grid.ts';

export type Point = Pick<Place, 'x' | 'y' | 'z'>;

/** Another radio's place, and what the link with it says. */
export interface Observation extends Point {
  /**
   * `sent`: the other one heard it. `heard`: it heard the other one. `silent`: the other one listened and did not hear it.
   */
  readonly kind: 'sent' | 'heard' | 'silent';
  /** Mean loss, ddB, with the receiver's intercept added; of `silent` the loss from which on nothing is heard. */
  readonly lossDdb: number;
  /** How far that may be wrong, one standard deviation; 0 if absent. */
  readonly spreadDdb?: number;
  /** Whether the receiver's intercept is known: the narrower model holds then. */
  readonly known: boolean;
  /** In 1/10,000. */
  readonly weight: number;
}

/** A law of path loss, with the spread about it. */
export interface Law {
  /** By `lossIndex`. */
  readonly loss: Int32Array;
  /** By residual: measured less expected loss, from −1500 ddB on. */
  readonly heard: Int32Array;
  /** By how far the loss that can be heard is above the expected one, from −1500 ddB on. */
  readonly silent: Int32Array;
}

/** Observations that share one unknown offset of the hotspot. */
export interface OffsetGroup extends Offsets {
  readonly kinds: readonly Observation['kind'][];
}

/** How likely levels are at a distance. */
export interface PlaceModel {
  /** Each kind of observation is in one of them. */
  readonly groups: readonly OffsetGroup[];
  lawFor(observation: Observation): Law;
  /** From a mountain to what lies below it: little is in the way, on any of its links. */
  hillLawFor(observation: Observation): Law;
}

/** What one observation says about a place under a law, the hotspot's offsets being 0: micronats. */
export function explain(place: Point, observation: Observation, law: Law) {
  const expectedLossDdb = lossOver(law.loss, squareOf(place, observation));
  return { expectedLossDdb, micronats: termOf(observation, expectedLossDdb, law) };
}

/** The same where the loss over the distance is known. */
export function termOf({ kind, lossDdb }: Observation, expectedLossDdb: number, law: Law): number {
  return termAt(kind === 'silent' ? law.silent : law.heard, lossDdb - expectedLossDdb);
}

/**
 * The likelihood of places under the links of one hotspot. Its own offsets take whichever value of a few fits best, at the
 * price of its prior. In integers: micronats × 1/10,000; sums of them are exact, so the order of observations makes no
 * difference.
 */
export class PlaceLikelihood {
  readonly #parts: readonly OffsetLikelihood[];
  readonly #mostPossible: number;

  /** `onHill`: the hotspot stands on a mountain. */
  constructor(model: PlaceModel, observations: readonly Observation[], onHill = false) {
    const lawOf = (one: Observation): Law => (onHill ? model.hillLawFor(one) : model.lawFor(one));
    this.#parts = model.groups.map((group) => {
      const own = observations.filter(({ kind }) => group.kinds.includes(kind));
      return new OffsetLikelihood(own, lawOf, group);
    });
    this.#mostPossible = this.#parts.reduce((sum, { mostPossible }) => sum + mostPossible, 0);
  }

  /** Log-likelihood of being at the centre of a cell; −∞ where it is less than `atLeast`. */
  at(place: Point, atLeast = Number.NEGATIVE_INFINITY): number {
    for (const part of this.#parts) part.measure(place);
    return this.#greatest(atLeast);
  }

  /** No place within the reach of a cell's centre has more; −∞ where that is less than `atLeast`. */
  boundOf(place: Place, atLeast = Number.NEGATIVE_INFINITY): number {
    for (const part of this.#parts) part.measureAround(place);
    return this.#greatest(atLeast);
  }

  #greatest(atLeast: number): number {
    let [sum, rest] = [0, this.#mostPossible];
    for (const part of this.#parts) {
      rest -= part.mostPossible;
      sum += part.greatest(atLeast - sum - rest);
      if (sum === Number.NEGATIVE_INFINITY) return sum;
    }
    return sum;
  }
}

function squareOf(a: Point, b: Point): number {
  const dx = a.x - b.x;
  const dy = a.y - b.y;
  const dz = a.z - b.z;
  return dx * dx + dy * dy + dz * dz;
}
