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
  /** Part of the liars that is told. */
  readonly caught: number;
  /** Liars judged, and as many honest ones. */
  readonly n: number;
}

/** Over more loss one beacon in ten is heard: of a week's, enough to know it to the decibel. */
const HEARD_BELOW_DB = 155;
/** Where the law of a world draws no shadows any more, since nobody can hear anybody. */
const LEAST_SIGMA_DB = 4.5;

/**
 * What a judge could do who knows everything but the shadows: the law of radio, the walls and the true places of all, every loss
 * below what is heard at all without error, and of the one judged the only other place it may stand at. Shadows are taken for
 * independent from link to link. Its test is the likelihood ratio of the two places, the best there is (Neyman and Pearson 1933), at the
 * threshold that rejects as many at their true places as is allowed.
 */
export function rateIdealJudge({ seeds, honest, judged, km, falseRejected }: IdealOptions): IdealRate {
  const ratios = seeds.flatMap((seed) => {
    const world = createWorld(seed, { honest, settledEpochs: 0, epochs: 1 });
    const random = createRandom(`${seed}/ideal/${km}`);
    const recruiter = new Recruiter({ count: judged, epoch: 0 }, world, random);
    return Array.from({ length: judged }, () => {
      const antenna = recruiter.antenna(recruiter.home());
      const elsewhere = polar(antenna.place, km * 1_000, random.between(0, 2 * Math.PI));
      return likelihoodRatio(world, antenna, { ...antenna, place: elsewhere });
    });
  });
  // The same radio is honest with the other place as the alternative, or a liar with its own as the alternative.
  const ofHonest = ratios.map((ratio) => 0 - ratio).sort((a, b) => b - a);
  const threshold = ofHonest[Math.floor(falseRejected * ofHonest.length)] ?? 0;
  return { km, caught: ratios.filter((ratio) => ratio > threshold).length / ratios.length, n: ratios.length };
}

/** Of where an antenna stands over another place, in nats, by its links with all the others. */
function likelihoodRatio({ law, pathLoss, population }: World, here: Antenna, there: Antenna): number {
  return population.hotspots.reduce((sum, { antenna }) => {
    const lossDb = pathLoss.between(antenna, here);
    const at = (place: Antenna): number => logLikelihood(lossDb, shadowlessLoss(law, antenna, place));
    return sum + at(here) - at(there);
  }, 0);
}

/** Of a loss that is measured, or too great to be; the latter says no more than that. */
function logLikelihood(lossDb: number, { medianDb, sigmaDb }: ReturnType<typeof shadowlessLoss>): number {
  const sigma = Math.max(LEAST_SIGMA_DB, sigmaDb);
  if (lossDb >= HEARD_BELOW_DB) return logCumulative((medianDb - HEARD_BELOW_DB) / sigma);
  return logDensity((lossDb - medianDb) / sigma) - Math.log(sigma);
}
