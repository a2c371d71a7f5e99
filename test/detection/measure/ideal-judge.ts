import type { Place } from '../../simulator/world/place.ts';
import { createRandom } from '../../simulator/world/random.ts';
import { Recruiter } from '../attacks/attack.ts';
import { logCumulative, logDensity } from '../fit/normal.ts';
import type { Antenna } from '../worlds/radio.ts';
import { shadowlessLoss } from '../worlds/radio-law.ts';
import { CLUTTER_SIGMA_DB, drawSetting, INDOOR_SHARE, INDOOR_WALLS_DB, polar } from '../worlds/site.ts';
import { createWorld, type World } from '../worlds/world.ts';

export interface IdealOptions {
  /** One a world. */
  readonly seeds: readonly string[];
  /** Hotspots of a world that judge. */
  readonly honest: number;
  /** Hotspots of a world that are judged. */
  readonly judged: number;
  /** From where a liar stands to where it says it does. */
  readonly km: number;
  /** Part of those at their true places that may be rejected. */
  readonly falseRejected: number;
}

/** What a judge is told of where else a liar may stand: the place, only how far away it is, or neither, nor its walls. */
export type IdealJudge = 'place' | 'distance' | 'untold';

/** Over more loss less than one beacon in a hundred is heard: none or one of a week's. What is below is known to few decibels by a week's. */
const HEARD_BELOW_DB = 165;
/** Where the law of a world draws no shadows any more, since nobody can hear anybody. */
const LEAST_SIGMA_DB = 4.5;
/** That are tried where it is not known. */
const DIRECTIONS = 48;
/** Where nothing is known: as likely as each other, and in so many directions. */
const UNTOLD_KM = [1, 2, 3, 5, 10, 20, 40];
const UNTOLD_DIRECTIONS = 12;
/** What may be lost about the antenna of some hotspot, in steps, and how common that is in a world. */
const CLUTTER = Array.from({ length: 13 }, (_, i) => {
  const clutterDb = 2 * i - 6;
  const [least, most] = INDOOR_WALLS_DB;
  const indoors = Array.from({ length: 11 }, (_, j) => densityAbout(least + (j * (most - least)) / 10, clutterDb));
  const share = (1 - INDOOR_SHARE) * densityAbout(0, clutterDb) + INDOOR_SHARE * mean(indoors);
  return { clutterDb, logShare: Math.log(share) };
});

function densityAbout(wallsDb: number, clutterDb: number): number {
  return Math.exp(logDensity((clutterDb - wallsDb) / CLUTTER_SIGMA_DB));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

/**
 * The part of liars that is told by a judge who knows everything but the shadows: the law of radio, the walls and the true places of all, every loss
 * below what is heard at all without error, and of the one judged the only other place it may stand at, or only how far away that is, or neither nor its walls. Shadows
 * are taken for independent from link to link. The test is the likelihood ratio of the places, over all that is not known their mean: the best there is
 * (Neyman and Pearson 1933), at the threshold that rejects as many at their true places as is allowed.
 */
export function rateIdealJudge(judge: IdealJudge, options: IdealOptions): number {
  const { seeds, honest, judged, km, falseRejected } = options;
  const ratioOf = RATIOS[judge];
  const pairs = seeds.flatMap((seed) => {
    const world = createWorld(seed, { honest, settledEpochs: 0, epochs: 1 });
    const random = createRandom(`${seed}/ideal/${km}`);
    const recruiter = new Recruiter({ count: judged, epoch: 0 }, world, random);
    return Array.from({ length: judged }, () => {
      const antenna = recruiter.antenna(recruiter.home(), drawSetting(random));
      const bearing = random.between(0, 2 * Math.PI);
      const likelihood = new Likelihood(world, antenna);
      // The same radio is honest with the other place as the alternative, or a liar with its own as the alternative.
      const elsewhere = polar(antenna.place, km * 1_000, bearing);
      return {
        honest: ratioOf(likelihood, antenna.place, { km, bearing }),
        liar: ratioOf(likelihood, elsewhere, { km, bearing: bearing + Math.PI }),
      };
    });
  });
  const ofHonest = pairs.map((pair) => pair.honest).sort((a, b) => b - a);
  const threshold = ofHonest[Math.floor(falseRejected * ofHonest.length)] ?? 0;
  return pairs.filter(({ liar }) => liar > threshold).length / pairs.length;
}

/** From a claim to where the hotspot may stand instead. */
interface Elsewhere {
  readonly km: number;
  readonly bearing: number;
}

/** Logarithm of the likelihood ratio of other places over the claim, in nats, by what the judge is told of them. */
const RATIOS: Readonly<Record<IdealJudge, (likelihood: Likelihood, claim: Place, other: Elsewhere) => number>> = {
  place: (likelihood, claim, { km, bearing }) =>
    likelihood.at(polar(claim, km * 1_000, bearing)) - likelihood.at(claim),
  distance: (likelihood, claim, other) => {
    const places = around(claim, other, DIRECTIONS);
    return meanOf(places.map((place) => likelihood.at(place))) - likelihood.at(claim);
  },
  untold: (likelihood, claim, { bearing }) => {
    const places = UNTOLD_KM.flatMap((km) => around(claim, { km, bearing }, UNTOLD_DIRECTIONS));
    return meanOf(places.map((place) => likelihood.behindAnyWalls(place))) - likelihood.behindAnyWalls(claim);
  },
};

function around(claim: Place, { km, bearing }: Elsewhere, directions: number): Place[] {
  return Array.from({ length: directions }, (_, i) => {
    return polar(claim, km * 1_000, bearing + (2 * Math.PI * i) / directions);
  });
}

/** Logarithm of the mean of what is given by its logarithms. */
function meanOf(logarithms: readonly number[]): number {
  const most = Math.max(...logarithms);
  return most + Math.log(logarithms.reduce((sum, one) => sum + Math.exp(one - most), 0) / logarithms.length);
}

/** Of the places of an antenna, by its links with all the others. */
class Likelihood {
  readonly #world: World;
  readonly #antenna: Antenna;
  readonly #lossesDb: readonly number[];

  constructor(world: World, antenna: Antenna) {
    this.#world = world;
    this.#antenna = antenna;
    this.#lossesDb = world.population.hotspots.map((other) => world.pathLoss.between(other.antenna, antenna));
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
    const { law, population } = this.#world;
    const there = { ...this.#antenna, clutterDb, place };
    return population.hotspots.map(({ antenna }) => shadowlessLoss(law, antenna, there));
  }
}

type ShadowlessLoss = ReturnType<typeof shadowlessLoss>;

/** Of a loss that is measured, or too great to be; the latter says no more than that. */
function logLikelihood(lossDb: number, { medianDb, sigmaDb }: ShadowlessLoss): number {
  const sigma = Math.max(LEAST_SIGMA_DB, sigmaDb);
  if (lossDb >= HEARD_BELOW_DB) return logCumulative((medianDb - HEARD_BELOW_DB) / sigma);
  return logDensity((lossDb - medianDb) / sigma) - Math.log(sigma);
}
