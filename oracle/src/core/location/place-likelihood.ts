import { divideRounded } from '../numeric/integers.ts';
import { buildHeardTable, buildSilenceTable } from '../numeric/normal-tables.ts';
import type { LocationNumbers } from '../ruleset/rule-set.ts';
import { FULL_TRUST } from './evidence.ts';
import { buildPathLoss, lossIndex, unitsOf } from './path-loss.ts';
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

/** Residuals beyond are as unlikely as at it. */
const LAST_RESIDUAL_DDB = 1500;
const LAST_SILENCE = 600;
/** Nearer than that no link of two hotspots counts, and path loss has another law. */
const NEAREST_M = 300;
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
    const expectedLossDdb = law.loss[lossIndex(clamped(squareOf(place, observation)))] as number;
    return { expectedLossDdb, micronats: this.termOf(observation, expectedLossDdb, law) };
  }

  /** The same where the loss over the distance is known. */
  termOf({ kind, lossDdb, known }: Observation, expectedLossDdb: number, law: Law = this.lawFor({ known })): number {
    return termAt(kind === 'silent' ? law.silent : law.heard, lossDdb - expectedLossDdb);
  }
}

/**
 * The likelihood of places under the links of one hotspot. Its own offsets, as a sender and as a receiver, take whichever
 * value of a few fits best, at the price of its prior. In integers: micronats × 1/10,000. Packed, because a search asks for
 * hundreds of places.
 */
export class PlaceLikelihood {
  readonly #model: PropagationModel;
  readonly #observations: readonly Observation[];
  readonly #losses: readonly Int32Array[];
  /** Of each observation, by residual from −1500 ddB on. */
  readonly #terms: readonly Int32Array[];
  readonly #lossDdb: Int32Array;
  readonly #weights: Float64Array;
  readonly #sent = new Float64Array(SENT_OFFSETS_DDB.length);
  readonly #heard = new Float64Array(HEARD_OFFSETS_DDB.length);

  /** Under one law for all, or for each the one that holds for it. */
  constructor(model: PropagationModel, observations: readonly Observation[], law?: Law) {
    const lawOf = (observation: Observation): Law => law ?? model.lawFor(observation);
    this.#model = model;
    this.#observations = observations;
    this.#losses = observations.map((observation) => lawOf(observation).loss);
    this.#terms = observations.map((observation) =>
      observation.kind === 'silent' ? lawOf(observation).silent : lawOf(observation).heard,
    );
    this.#lossDdb = Int32Array.from(observations, ({ lossDdb }) => lossDdb);
    this.#weights = Float64Array.from(observations, ({ weight }) => weight);
  }

  /** Log-likelihood of being at the centre of a cell. */
  at(place: Point): number {
    this.#sent.fill(0);
    this.#heard.fill(0);
    for (let i = 0; i < this.#observations.length; i++) {
      const observation = this.#observations[i] as Observation;
      const losses = this.#losses[i] as Int32Array;
      const loss = losses[lossIndex(clamped(squareOf(place, observation)))] as number;
      this.#add(i, observation.kind, loss, loss);
    }
    return this.#greatest();
  }

  /** No place within the reach of a cell's centre has more. */
  boundOf(place: Place): number {
    this.#sent.fill(0);
    this.#heard.fill(0);
    for (let i = 0; i < this.#observations.length; i++) {
      const observation = this.#observations[i] as Observation;
      const losses = this.#losses[i] as Int32Array;
      const distance = Math.sqrt(squareOf(place, observation));
      const nearer = Math.max(0, distance - place.reach);
      const farther = distance + place.reach;
      const most = losses[lossIndex(clamped(farther * farther))] as number;
      // Silence is likeliest from afar.
      const least = observation.kind === 'silent' ? most : (losses[lossIndex(clamped(nearer * nearer))] as number);
      this.#add(i, observation.kind, least, most);
    }
    return this.#greatest();
  }

  /** The most an observation can add over a range of losses, for each offset. */
  #add(i: number, kind: Observation['kind'], least: number, most: number): void {
    const sums = kind === 'heard' ? this.#heard : this.#sent;
    const offsets = kind === 'heard' ? HEARD_OFFSETS_DDB : SENT_OFFSETS_DDB;
    const table = this.#terms[i] as Int32Array;
    const lossDdb = this.#lossDdb[i] as number;
    const weight = this.#weights[i] as number;
    for (let o = 0; o < sums.length; o++) {
      const corrected = lossDdb + (offsets[o] as number);
      const residual = corrected > most ? corrected - most : corrected < least ? corrected - least : 0;
      sums[o] = (sums[o] as number) + weight * termAt(table, residual);
    }
  }

  #greatest(): number {
    return greatest(this.#sent, this.#model.sentPriors) + greatest(this.#heard, this.#model.heardPriors);
  }
}

const NEAREST_SQUARE = unitsOf(NEAREST_M) ** 2;

function clamped(square: number): number {
  return square < NEAREST_SQUARE ? NEAREST_SQUARE : square;
}

function squareOf(a: Point, b: Point): number {
  const dx = a.x - b.x;
  const dy = a.y - b.y;
  const dz = a.z - b.z;
  return dx * dx + dy * dy + dz * dz;
}

function termAt(table: Int32Array, residualDdb: number): number {
  const index = residualDdb + LAST_RESIDUAL_DDB;
  return table[index < 0 ? 0 : index >= table.length ? table.length - 1 : index] as number;
}

function mirrored(table: Int32Array): Int32Array {
  return Int32Array.from({ length: 2 * table.length - 1 }, (_, i) => table[Math.abs(i - table.length + 1)] as number);
}

function greatest(sums: Float64Array, priors: readonly number[]): number {
  let best = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < sums.length; i++) best = Math.max(best, (sums[i] as number) + (priors[i] as number));
  return best;
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
