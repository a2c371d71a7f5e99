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
  /** Liars judged, and as many honest ones. */
  readonly n: number;
}

/** Over more loss less than one beacon in a hundred is heard: none or one of a week's. What is below is known to few decibels by a week's. */
const HEARD_BELOW_DB = 165;
/** Where the law of a world draws no shadows any more, since nobody can hear anybody. */
const LEAST_SIGMA_DB = 4.5;
/** That are tried where it is not known. */
const DIRECTIONS = 48;

/**
 * What a judge could do who knows everything but the shadows: the law of radio, the walls and the true places of all, every loss
 * below what is heard at all without error, and of the one judged the only other place it may stand at, or only how far away that is. Shadows
 * are taken for independent from link to link. The test is the likelihood ratio of the places, over all directions their mean: the best there is
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
  return { km, caught: caughtBy('place'), caughtByDistance: caughtBy('distance'), n: pairs.length };
}

/** Of other places over a claim, in nats. */
interface Ratios {
  readonly place: number;
  readonly distance: number;
}

/** Of the place in a direction from the claim, and of all places as far away. */
function ratiosAgainst(
  likelihood: Likelihood,
  claim: Place,
  { km, bearing }: { readonly km: number; readonly bearing: number },
): Ratios {
  const all = Array.from({ length: DIRECTIONS }, (_, i) => {
    return likelihood.at(polar(claim, km * 1_000, bearing + (2 * Math.PI * i) / DIRECTIONS));
  });
  const claimed = likelihood.at(claim);
  const most = Math.max(...all);
  const mean = most + Math.log(all.reduce((sum, one) => sum + Math.exp(one - most), 0) / DIRECTIONS);
  return { place: (all[0] ?? 0) - claimed, distance: mean - claimed };
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
    const { law, population } = this.#world;
    const there = { ...this.#antenna, place };
    return population.hotspots.reduce((sum, { antenna }, i) => {
      return sum + logLikelihood(this.#lossesDb[i] as number, shadowlessLoss(law, antenna, there));
    }, 0);
  }
}

/** Of a loss that is measured, or too great to be; the latter says no more than that. */
function logLikelihood(lossDb: number, { medianDb, sigmaDb }: ReturnType<typeof shadowlessLoss>): number {
  const sigma = Math.max(LEAST_SIGMA_DB, sigmaDb);
  if (lossDb >= HEARD_BELOW_DB) return logCumulative((medianDb - HEARD_BELOW_DB) / sigma);
  return logDensity((lossDb - medianDb) / sigma) - Math.log(sigma);
}
