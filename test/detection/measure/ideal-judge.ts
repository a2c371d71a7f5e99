import type { Place } from '../../simulator/world/place.ts';
import { createRandom } from '../../simulator/world/random.ts';
import { Recruiter } from '../attacks/attack.ts';
import { drawSetting, polar } from '../worlds/site.ts';
import { createWorld } from '../worlds/world.ts';
import { AntennaLikelihood, knownSurroundings, meanOf } from './antenna-likelihood.ts';
import { toldShare } from './told-share.ts';

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

/** That are tried where it is not known. */
const DIRECTIONS = 48;
/** Where nothing is known: as likely as each other, and in so many directions. */
const UNTOLD_KM = [1, 2, 3, 5, 10, 20, 40];
const UNTOLD_DIRECTIONS = 12;

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
    const surroundings = knownSurroundings(
      world,
      world.population.hotspots.map((one) => one.antenna),
    );
    return Array.from({ length: judged }, () => {
      const antenna = recruiter.antenna(recruiter.home(), drawSetting(random));
      const bearing = random.between(0, 2 * Math.PI);
      const likelihood = new AntennaLikelihood(surroundings, antenna);
      // The same radio is honest with the other place as the alternative, or a liar with its own as the alternative.
      const elsewhere = polar(antenna.place, km * 1_000, bearing);
      return {
        honest: ratioOf(likelihood, antenna.place, { km, bearing }),
        liar: ratioOf(likelihood, elsewhere, { km, bearing: bearing + Math.PI }),
      };
    });
  });
  const [ofHonest, ofLiars] = [pairs.map((pair) => pair.honest), pairs.map(({ liar }) => liar)];
  return toldShare(ofHonest, ofLiars, falseRejected);
}

/** From a claim to where the hotspot may stand instead. */
interface Elsewhere {
  readonly km: number;
  readonly bearing: number;
}

/** Logarithm of the likelihood ratio of other places over the claim, in nats, by what the judge is told of them. */
const RATIOS: Readonly<Record<IdealJudge, (likelihood: AntennaLikelihood, claim: Place, other: Elsewhere) => number>> =
  {
    place: (likelihood, claim, { km, bearing }) =>
      likelihood.at(polar(claim, km * 1_000, bearing)) - likelihood.at(claim),
    distance: (likelihood, claim, other) => {
      const places = around(claim, other, DIRECTIONS);
      return meanOf(places.map((place) => likelihood.at(place))) - likelihood.at(claim);
    },
    untold: (likelihood, claim, { bearing }) => ratioOfUntold(likelihood, [claim], bearing),
  };

/**
 * What the judge who is told neither where else a hotspot may stand nor its walls has against a claim, in nats: by how much more likely its losses are from
 * places 1 to 40 km away than from `inside` the claim, the mean of each. The first direction that is tried is `bearing`.
 */
export function ratioOfUntold(likelihood: AntennaLikelihood, inside: readonly Place[], bearing = 0): number {
  const [claim] = inside;
  if (!claim) throw new RangeError('a claim is at some place');
  const places = UNTOLD_KM.flatMap((km) => around(claim, { km, bearing }, UNTOLD_DIRECTIONS));
  const of = (some: readonly Place[]): number => meanOf(some.map((place) => likelihood.behindAnyWalls(place)));
  return of(places) - of(inside);
}

function around(claim: Place, { km, bearing }: Elsewhere, directions: number): Place[] {
  return Array.from({ length: directions }, (_, i) => {
    return polar(claim, km * 1_000, bearing + (2 * Math.PI * i) / directions);
  });
}
