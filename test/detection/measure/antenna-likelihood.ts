import type { Place } from '../../simulator/world/place.ts';
import type { Antenna } from '../worlds/radio.ts';
import { shadowlessLoss } from '../worlds/radio-law.ts';
import type { World } from '../worlds/world.ts';
import { CLUTTER, HEARD_BELOW_DB, LEAST_SIGMA_DB, logLikelihood, type ShadowlessLoss } from './loss-likelihood.ts';

/** Whom a judge asks about an antenna, and what it expects of each. */
export interface Surroundings extends Pick<World, 'pathLoss'> {
  readonly others: readonly Antenna[];
  /** Between one of them and an antenna that stands anywhere, the walls of both included. */
  readonly expected: (other: Antenna, there: Antenna) => ShadowlessLoss;
}

/** To a judge who knows the law of a world and everybody's walls. */
export function knownSurroundings({ law, pathLoss }: World, others: readonly Antenna[]): Surroundings {
  return { others, pathLoss, expected: (other, there) => shadowlessLoss(law, other, there) };
}

/** Of the places of an antenna, by its links with all the others. */
export class AntennaLikelihood {
  readonly #around: Surroundings;
  readonly #antenna: Antenna;
  readonly #lossesDb: readonly number[];

  constructor(around: Surroundings, antenna: Antenna) {
    this.#around = around;
    this.#antenna = antenna;
    this.#lossesDb = around.others.map((other) => around.pathLoss.between(other, antenna));
  }

  /** Its logarithm, in nats. */
  at(place: Place): number {
    const expected = this.#expected(place, this.#antenna.clutterDb);
    return expected.reduce((sum, one, i) => sum + logLikelihood(this.#lossesDb[i] as number, one), 0);
  }

  /** The same where its walls are not known: up to a summand that is the same of all places. */
  behindAnyWalls(place: Place): number {
    const expected = this.#expected(place, 0).map((one, i) => ({ ...one, lossDb: this.#lossesDb[i] as number }));
    const silent = expected.filter(({ lossDb }) => lossDb >= HEARD_BELOW_DB);
    const known = expected.filter(({ lossDb }) => lossDb < HEARD_BELOW_DB);
    // What is known is a parabola in what the walls lose: its top, and how steep it is.
    const excess = known.map(({ lossDb, medianDb, sigmaDb }) => {
      return { excessDb: lossDb - medianDb, precision: 1 / Math.max(LEAST_SIGMA_DB, sigmaDb) ** 2 };
    });
    const slope = excess.reduce((sum, { excessDb, precision }) => sum + precision * excessDb, 0);
    const curve = excess.reduce((sum, { precision }) => sum + precision, 0);
    const withoutWalls = known.reduce((sum, one) => sum + logLikelihood(one.lossDb, one), 0);
    return meanOf(
      CLUTTER.map(({ clutterDb, logShare }) => {
        const ofKnown = withoutWalls + slope * clutterDb - (curve * clutterDb * clutterDb) / 2;
        return silent.reduce((sum, { lossDb, medianDb, sigmaDb }) => {
          return sum + logLikelihood(lossDb, { medianDb: medianDb + clutterDb, sigmaDb });
        }, logShare + ofKnown);
      }),
    );
  }

  #expected(place: Place, clutterDb: number): readonly ShadowlessLoss[] {
    const there = { ...this.#antenna, clutterDb, place };
    return this.#around.others.map((other) => this.#around.expected(other, there));
  }
}

/** Logarithm of the mean of what is given by its logarithms. */
export function meanOf(logarithms: readonly number[]): number {
  const most = Math.max(...logarithms);
  return most + Math.log(logarithms.reduce((sum, one) => sum + Math.exp(one - most), 0) / logarithms.length);
}
