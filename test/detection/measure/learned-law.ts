import { distanceM } from '../../simulator/world/place.ts';
import type { Antenna } from '../worlds/radio.ts';
import type { PathLoss } from '../worlds/radio-law.ts';
import type { Surroundings } from './antenna-likelihood.ts';
import { CLUTTER, logLikelihood } from './loss-likelihood.ts';

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
const NAMES = Object.keys(START) as (keyof Law)[];
const LEAST_SIGMA_DB = 3;
/** Steps are halved until they are this part of the first. */
const FINEST = 0.05;
/** Law, walls, law, walls, law: settled by then. */
const TURNS = 3;
/** Of nearer pairs no link counts. */
const NEAREST_M = 700;

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

  /** What there is to ask about one antenna: its own links have no part in the walls of the others. */
  around(subject: Antenna): Surroundings {
    const index = this.#antennas.indexOf(subject);
    const others = this.#antennas.filter((one) => one !== subject);
    const walls = new Map(this.#antennas.map((one, i) => [one, this.#likeliestWalls(i, index)]));
    const expected = (other: Antenna, there: Antenna) => {
      const kilometres = Math.max(NEAREST_M, distanceM(other.place, there.place)) / 1_000;
      const medianDb = this.#medianDb(Math.log10(kilometres)) + (walls.get(other) ?? 0) + there.clutterDb;
      return { medianDb, sigmaDb: this.#law.sigmaDb };
    };
    return { others, pathLoss: this.#pathLoss, expected };
  }

  #medianDb(decades: number): number {
    return this.#law.lossAtKmDb + 10 * this.#law.exponent * decades;
  }

  /** One number after the other is moved while that helps, by smaller and smaller steps. */
  #fitLaw(): void {
    let best = this.#valueOf(this.#law);
    for (let scale = 1; scale > FINEST; scale /= 2) {
      for (let before = Number.NEGATIVE_INFINITY; best > before; ) {
        before = best;
        for (const name of NAMES) {
          for (const step of [-scale * STEPS[name], scale * STEPS[name]]) {
            const moved = { ...this.#law, [name]: this.#law[name] + step };
            const value = moved.sigmaDb < LEAST_SIGMA_DB ? Number.NEGATIVE_INFINITY : this.#valueOf(moved);
            if (value <= best) continue;
            best = value;
            this.#law = moved;
          }
        }
      }
    }
  }

  #valueOf({ exponent, lossAtKmDb, sigmaDb }: Law): number {
    return this.#pairs.reduce((sum, { a, b, decades, lossDb }) => {
      const walls = (this.#walls[a] as number) + (this.#walls[b] as number);
      return sum + logLikelihood(lossDb, { medianDb: lossAtKmDb + 10 * exponent * decades + walls, sigmaDb });
    }, 0);
  }

  #likeliestWalls(i: number, without = -1): number {
    const own = (this.#ofAntenna[i] as readonly Pair[]).filter(({ a, b }) => a !== without && b !== without);
    const { sigmaDb } = this.#law;
    const rests = own.map(({ a, b, decades, lossDb }) => {
      return { lossDb, medianDb: this.#medianDb(decades) + (this.#walls[a === i ? b : a] as number) };
    });
    const values = CLUTTER.map(({ clutterDb, logShare }) =>
      rests.reduce((sum, { lossDb, medianDb }) => {
        return sum + logLikelihood(lossDb, { medianDb: medianDb + clutterDb, sigmaDb });
      }, logShare),
    );
    return CLUTTER[values.indexOf(Math.max(...values))]?.clutterDb ?? 0;
  }
}
