import { PRODUCTION_TIMING, ruleSet2 } from '@sextant/oracle/core';
import { distanceM } from '../../simulator/world/place.ts';
import { climb } from '../fit/climb.ts';
import type { Antenna } from '../worlds/radio.ts';
import type { PathLoss } from '../worlds/radio-law.ts';
import type { Surroundings } from './antenna-likelihood.ts';
import { CLUTTER, LEAST_SIGMA_DB, logLikelihood } from './loss-likelihood.ts';

interface Law {
  readonly lossAtKmDb: number;
  readonly exponent: number;
  readonly sigmaDb: number;
}

interface Pair {
  readonly a: number;
  readonly b: number;
  /** log10 of the kilometres. */
  readonly decades: number;
  readonly lossDb: number;
}

const START: Law = { lossAtKmDb: 128, exponent: 2.5, sigmaDb: 8 };
const STEPS: Law = { lossAtKmDb: 4, exponent: 0.4, sigmaDb: 2 };
const CLIMB = { steps: STEPS, least: { sigmaDb: LEAST_SIGMA_DB }, finest: 0.05, noGain: 0.01 };
/** Law, walls, law, walls, law: settled by then. */
const TURNS = 3;
/** Of nearer pairs no link counts. */
const NEAREST_M = ruleSet2(PRODUCTION_TIMING).link.minDistanceM;

/**
 * The law of a world and the walls of its hotspots as a judge learns them who is told neither: the likeliest one log-distance law and the likeliest walls for
 * every loss the hotspots have among each other, in turns. Where the city ends nobody tells it either.
 */
export class LearnedLaw {
  readonly #antennas: readonly Antenna[];
  readonly #pathLoss: PathLoss;
  readonly #pairs: readonly Pair[];
  readonly #ofAntenna: readonly (readonly Pair[])[];
  readonly #walls: number[];
  #law = START;

  /** `antennas` of honest hotspots at the places they claim, none on a mountain. */
  constructor(antennas: readonly Antenna[], pathLoss: PathLoss) {
    this.#antennas = antennas;
    this.#pathLoss = pathLoss;
    this.#pairs = antennas.flatMap((one, a) =>
      antennas.slice(0, a).flatMap((other, b) => {
        const metres = distanceM(one.place, other.place);
        if (metres < NEAREST_M) return [];
        return [{ a, b, decades: Math.log10(metres / 1_000), lossDb: pathLoss.between(one, other) }];
      }),
    );
    this.#ofAntenna = antennas.map((_, i) => this.#pairs.filter(({ a, b }) => a === i || b === i));
    this.#walls = antennas.map(() => 0);
    this.#fitLaw();
    for (let turn = 1; turn < TURNS; turn++) {
      for (let pass = 0; pass < 2; pass++) {
        for (const i of antennas.keys()) this.#walls[i] = this.#likeliestWalls(i);
      }
      this.#fitLaw();
    }
  }

  /** What there is to ask about one antenna: all others. Of dozens its own links hardly count in what their walls are. */
  around(subject: Antenna): Surroundings {
    const others = this.#antennas.filter((one) => one !== subject);
    const walls = new Map(this.#antennas.map((one, i) => [one, this.#walls[i] as number]));
    const expected = (other: Antenna, there: Antenna) => {
      const kilometres = Math.max(NEAREST_M, distanceM(other.place, there.place)) / 1_000;
      const medianDb = bareLossDb(this.#law, Math.log10(kilometres)) + (walls.get(other) as number) + there.clutterDb;
      return { medianDb, sigmaDb: this.#law.sigmaDb };
    };
    return { others, pathLoss: this.#pathLoss, expected };
  }

  #fitLaw(): void {
    this.#law = climb<keyof Law>(this.#law, (law) => this.#valueOf(law), CLIMB);
  }

  #valueOf(law: Law): number {
    return this.#pairs.reduce((sum, { a, b, decades, lossDb }) => {
      const walls = (this.#walls[a] as number) + (this.#walls[b] as number);
      return sum + logLikelihood(lossDb, { medianDb: bareLossDb(law, decades) + walls, sigmaDb: law.sigmaDb });
    }, 0);
  }

  #likeliestWalls(i: number): number {
    const own = this.#ofAntenna[i] as readonly Pair[];
    const { sigmaDb } = this.#law;
    const rests = own.map(({ a, b, decades, lossDb }) => {
      return { lossDb, medianDb: bareLossDb(this.#law, decades) + (this.#walls[a === i ? b : a] as number) };
    });
    const values = CLUTTER.map(({ clutterDb, logShare }) =>
      rests.reduce((sum, { lossDb, medianDb }) => {
        return sum + logLikelihood(lossDb, { medianDb: medianDb + clutterDb, sigmaDb });
      }, logShare),
    );
    return CLUTTER[values.indexOf(Math.max(...values))]?.clutterDb ?? 0;
  }
}

/** Without walls; `decades` is log10 of the kilometres. */
function bareLossDb({ exponent, lossAtKmDb }: Law, decades: number): number {
  return lossAtKmDb + 10 * exponent * decades;
}
