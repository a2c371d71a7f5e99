import { divideRounded } from '../numeric/integers.ts';
import { buildHeardTable, buildSilenceTable } from '../numeric/normal-tables.ts';
import type { LocationNumbers } from '../ruleset/rule-set.ts';
import { FULL_TRUST } from './evidence.ts';
import { LAST_RESIDUAL_DDB, lossOver, OffsetLikelihood, termAt } from './offset-likelihood.ts';
import { buildPathLoss } from './path-loss.ts';
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
  /** Whether the receiver's intercept is known: the narrower model holds then. */
  readonly known: boolean;
  /** In 1/10,000. */
  readonly weight: number;
}

const LAST_SILENCE = 600;
/** Offsets tried: of what it sends within ±8 dB, of what it hears within ±20 dB. */
const SENT_OFFSETS_DDB = [-80, -40, 0, 40, 80];
const HEARD_OFFSETS_DDB = [-200, -160, -120, -80, -40, 0, 40, 80, 120, 160, 200];

/** A law of path loss, with the spread about it. */
export interface Law {
  /** By `lossIndex`. */
  readonly loss: Int32Array;
  /** By residual: measured less expected loss, from −1500 ddB on. */
  readonly heard: Int32Array;
  /** By how far the loss that can be heard is above the expected one, from −1500 ddB on. */
  readonly silent: Int32Array;
}

/**
 * How likely levels are: log-normal with an outlier floor around a log-distance path loss; and silence. Tables only, built
 * from a rule set's numbers.
 */
export class PropagationModel {
  readonly known: Law;
  readonly unknown: Law;
  /** From a mountain to what lies below it: little is in the way, on any of its links. */
  readonly hill: Law;
  /** Of the offset of a hotspot as a sender, and as a receiver: −offset² / 2σ², micronats × 1/10,000. */
  readonly sentPriors: readonly number[];
  readonly heardPriors: readonly number[];

  constructor({ propagation }: Pick<LocationNumbers, 'propagation'>) {
    const { exponentPercent, lossAtKmDdb, sigmaDdb } = propagation;
    const { newExponentPercent, newLossAtKmDdb, newSigmaDdb } = propagation;
    const silence = buildSilenceTable(propagation.deafPercent, LAST_SILENCE);
    const lawOf = (exponent: number, lossAtKm: number, sigma: number): Law => ({
      loss: buildPathLoss({ exponentPercent: exponent, lossAtKmDdb: lossAtKm }),
      heard: mirrored(buildHeardTable({ ...propagation, sigmaDdb: sigma }, LAST_RESIDUAL_DDB)),
      silent: silenceByMargin(silence, sigma),
    });
    this.known = lawOf(exponentPercent, lossAtKmDdb, sigmaDdb);
    this.unknown = lawOf(newExponentPercent, newLossAtKmDdb, newSigmaDdb);
    const { hillExponentPercent, hillLossAtKmDdb, hillSigmaDdb } = propagation;
    this.hill = lawOf(hillExponentPercent, hillLossAtKmDdb, hillSigmaDdb);
    this.sentPriors = SENT_OFFSETS_DDB.map((offset) => priorOf(offset, propagation.offsetSigmaDdb));
    this.heardPriors = HEARD_OFFSETS_DDB.map((offset) => priorOf(offset, propagation.interceptSigmaDdb));
  }

  /** The one that holds for an observation, if the hotspot is not on a mountain. */
  lawFor({ known }: Pick<Observation, 'known'>): Law {
    return known ? this.known : this.unknown;
  }

  /** What one observation says about a place under a law, the hotspot's offsets being 0. */
  explain(
    place: Point,
    observation: Observation,
    law: Law = this.lawFor(observation),
  ): { readonly expectedLossDdb: number; readonly micronats: number } {
    const expectedLossDdb = lossOver(law.loss, squareOf(place, observation));
    return { expectedLossDdb, micronats: this.termOf(observation, expectedLossDdb, law) };
  }

  /** The same where the loss over the distance is known. */
  termOf({ kind, lossDdb, known }: Observation, expectedLossDdb: number, law: Law = this.lawFor({ known })): number {
    return termAt(kind === 'silent' ? law.silent : law.heard, lossDdb - expectedLossDdb);
  }
}

/**
 * The likelihood of places under the links of one hotspot. Its own offsets, as a sender and as a receiver, take whichever
 * value of a few fits best, at the price of its prior. In integers: micronats × 1/10,000; sums of them are exact, so the
 * order of observations makes no difference.
 */
export class PlaceLikelihood {
  readonly #sent: OffsetLikelihood;
  readonly #heard: OffsetLikelihood;

  /** Under one law for all, or for each the one that holds for it. */
  constructor(model: PropagationModel, observations: readonly Observation[], law?: Law) {
    const lawOf = (observation: Observation): Law => law ?? model.lawFor(observation);
    const heard = observations.filter(({ kind }) => kind === 'heard');
    const sent = observations.filter(({ kind }) => kind !== 'heard');
    this.#sent = new OffsetLikelihood(sent, lawOf, { offsetsDdb: SENT_OFFSETS_DDB, priors: model.sentPriors });
    this.#heard = new OffsetLikelihood(heard, lawOf, { offsetsDdb: HEARD_OFFSETS_DDB, priors: model.heardPriors });
  }

  /** Log-likelihood of being at the centre of a cell; −∞ where it is less than `atLeast`. */
  at(place: Point, atLeast = Number.NEGATIVE_INFINITY): number {
    this.#sent.measure(place);
    this.#heard.measure(place);
    return this.#greatest(atLeast);
  }

  /** No place within the reach of a cell's centre has more; −∞ where that is less than `atLeast`. */
  boundOf(place: Place, atLeast = Number.NEGATIVE_INFINITY): number {
    this.#sent.measureAround(place);
    this.#heard.measureAround(place);
    return this.#greatest(atLeast);
  }

  #greatest(atLeast: number): number {
    const sent = this.#sent.greatest(atLeast - this.#heard.mostPossible);
    return sent === Number.NEGATIVE_INFINITY ? sent : sent + this.#heard.greatest(atLeast - sent);
  }
}

function squareOf(a: Point, b: Point): number {
  const dx = a.x - b.x;
  const dy = a.y - b.y;
  const dz = a.z - b.z;
  return dx * dx + dy * dy + dz * dz;
}

function mirrored(table: Int32Array): Int32Array {
  return Int32Array.from({ length: 2 * table.length - 1 }, (_, i) => table[Math.abs(i - table.length + 1)] as number);
}

function priorOf(offsetDdb: number, sigmaDdb: number): number {
  return 0 - divideRounded(offsetDdb * offsetDdb * 1_000_000 * FULL_TRUST, 2 * sigmaDdb * sigmaDdb);
}

function silenceByMargin(silence: Int32Array, sigmaDdb: number): Int32Array {
  return Int32Array.from({ length: 2 * LAST_RESIDUAL_DDB + 1 }, (_, i) => {
    const z = divideRounded((LAST_RESIDUAL_DDB - i) * 100, sigmaDdb);
    return silence[Math.max(-LAST_SILENCE, Math.min(LAST_SILENCE, z)) + LAST_SILENCE] as number;
  });
}
