import type { Place } from '../../simulator/world/place.ts';
import { createRandom } from '../../simulator/world/random.ts';
import { Recruiter } from '../attacks/attack.ts';
import { logCumulative, logDensity } from '../fit/normal.ts';
import type { Antenna } from '../worlds/radio.ts';
import { shadowlessLoss } from '../worlds/radio-law.ts';
import { polar } from '../worlds/site.ts';
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

export interface IdealRate {
  readonly km: number;
  /** Part of the liars that is told by who knows where else each may stand. */
  readonly caught: number;
  /** The same by who knows how far that is away, but not in which direction. */
  readonly caughtByDistance: number;
  /** The same by who is told neither, nor what walls the hotspot that is judged has about its antenna. */
  readonly caughtUntold: number;
  /** Liars judged, and as many honest ones. */
  readonly n: number;
}

/** Over more loss less than one beacon in a hundred is heard: none or one of a week's. What is below is known to few decibels by a week's. */
const HEARD_BELOW_DB = 165;
/** Where the law of a world draws no shadows any more, since nobody can hear anybody. */
const LEAST_SIGMA_DB = 4.5;
/** That are tried where it is not known. */
const DIRECTIONS = 48;
/** Where nothing is known: as likely as each other, and in so many directions. */
const UNTOLD_KM = [1, 2, 3, 5, 10, 20, 40];
const UNTOLD_DIRECTIONS = 12;
/** What the walls of some hotspot lose, and how often: one in five is indoors, behind 5 to 15 dB, all differ by 2.5 dB. */
const WALLS = Array.from({ length: 13 }, (_, i) => {
  const wallsDb = 2 * i - 6;
  const indoors = [5, 7.5, 10, 12.5, 15].map((middle) => Math.exp(logDensity((wallsDb - middle) / 2.5)) / 5);
  const share = 0.8 * Math.exp(logDensity(wallsDb / 2.5)) + 0.2 * indoors.reduce((sum, one) => sum + one, 0);
  return { wallsDb, logShare: Math.log(share) };
});

/**
 * What a judge could do who knows everything but the shadows: the law of radio, the walls and the true places of all, every loss
 * below what is heard at all without error, and of the one judged the only other place it may stand at, or only how far away that is, or neither nor its walls. Shadows
 * are taken for independent from link to link. The test is the likelihood ratio of the places, over all that is not known their mean: the best there is
 * (Neyman and Pearson 1933), at the threshold that rejects as many at their true places as is allowed.
 */
export function rateIdealJudge({ seeds, honest, judged, km, falseRejected }: IdealOptions): IdealRate {
  const pairs = seeds.flatMap((seed) => {
    const world = createWorld(seed, { honest, settledEpochs: 0, epochs: 1 });
    const random = createRandom(`${seed}/ideal/${km}`);
    const recruiter = new Recruiter({ count: judged, epoch: 0 }, world, random);
    return Array.from({ length: judged }, () => {
      const antenna = recruiter.antenna(recruiter.home());
      const bearing = random.between(0, 2 * Math.PI);
      const likelihood = new Likelihood(world, antenna);
      // The same radio is honest with the other place as the alternative, or a liar with its own as the alternative.
      const elsewhere = polar(antenna.place, km * 1_000, bearing);
      return {
        honest: ratiosAgainst(likelihood, antenna.place, { km, bearing }),
        liar: ratiosAgainst(likelihood, elsewhere, { km, bearing: bearing + Math.PI }),
      };
    });
  });
  const caughtBy = (judge: keyof Ratios): number => {
    const ofHonest = pairs.map((pair) => pair.honest[judge]).sort((a, b) => b - a);
    const threshold = ofHonest[Math.floor(falseRejected * ofHonest.length)] ?? 0;
    return pairs.filter(({ liar }) => liar[judge] > threshold).length / pairs.length;
  };
  return {
    km,
    caught: caughtBy('place'),
    caughtByDistance: caughtBy('distance'),
    caughtUntold: caughtBy('untold'),
    n: pairs.length,
  };
}

/** Of other places over a claim, in nats. */
interface Ratios {
  readonly place: number;
  readonly distance: number;
  readonly untold: number;
}

/** Of the place in a direction from the claim, of all places as far away, and of all places whatever the walls. */
function ratiosAgainst(
  likelihood: Likelihood,
  claim: Place,
  { km, bearing }: { readonly km: number; readonly bearing: number },
): Ratios {
  const around = (distanceKm: number, directions: number): Place[] =>
    Array.from({ length: directions }, (_, i) => {
      return polar(claim, distanceKm * 1_000, bearing + (2 * Math.PI * i) / directions);
    });
  const all = around(km, DIRECTIONS).map((place) => likelihood.at(place));
  const claimed = likelihood.at(claim);
  const anywhere = UNTOLD_KM.flatMap((one) => around(one, UNTOLD_DIRECTIONS));
  const untold = meanOf(anywhere.map((place) => likelihood.behindAnyWalls(place)));
  return {
    place: (all[0] ?? 0) - claimed,
    distance: meanOf(all) - claimed,
    untold: untold - likelihood.behindAnyWalls(claim),
  };
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
    return this.#under(this.#expected(place, this.#antenna.clutterDb));
  }

  /** The same where its walls are not known: up to a summand that is the same of all places. */
  behindAnyWalls(place: Place): number {
    const expected = this.#expected(place, 0);
    const known = (i: number): boolean => (this.#lossesDb[i] as number) < HEARD_BELOW_DB;
    // Of the losses that are known, a parabola in what the walls lose.
    let [curve, slope] = [0, 0];
    for (const [i, { medianDb, sigmaDb }] of expected.entries()) {
      if (!known(i)) continue;
      const precision = 1 / Math.max(LEAST_SIGMA_DB, sigmaDb) ** 2;
      curve += precision;
      slope += precision * ((this.#lossesDb[i] as number) - medianDb);
    }
    const without = this.#under(expected);
    const silent = expected.filter((_, i) => !known(i));
    const silence = (wallsDb: number): number =>
      silent.reduce((sum, one) => sum + logLikelihood(HEARD_BELOW_DB, behind(one, wallsDb)), 0);
    const silenceWithout = silence(0);
    return meanOf(
      WALLS.map(({ logShare, wallsDb }) => {
        const ofKnown = slope * wallsDb - (curve * wallsDb * wallsDb) / 2;
        return logShare + without + ofKnown + silence(wallsDb) - silenceWithout;
      }),
    );
  }

  #expected(place: Place, clutterDb: number): readonly ShadowlessLoss[] {
    const { law, population } = this.#world;
    const there = { ...this.#antenna, clutterDb, place };
    return population.hotspots.map(({ antenna }) => shadowlessLoss(law, antenna, there));
  }

  #under(expected: readonly ShadowlessLoss[]): number {
    return expected.reduce((sum, one, i) => sum + logLikelihood(this.#lossesDb[i] as number, one), 0);
  }
}

const behind = ({ medianDb, sigmaDb }: ShadowlessLoss, wallsDb: number): ShadowlessLoss => {
  return { medianDb: medianDb + wallsDb, sigmaDb };
};

type ShadowlessLoss = ReturnType<typeof shadowlessLoss>;

/** Of a loss that is measured, or too great to be; the latter says no more than that. */
function logLikelihood(lossDb: number, { medianDb, sigmaDb }: ShadowlessLoss): number {
  const sigma = Math.max(LEAST_SIGMA_DB, sigmaDb);
  if (lossDb >= HEARD_BELOW_DB) return logCumulative((medianDb - HEARD_BELOW_DB) / sigma);
  return logDensity((lossDb - medianDb) / sigma) - Math.log(sigma);
}
