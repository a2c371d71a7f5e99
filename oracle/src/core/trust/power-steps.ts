import { divideRounded, integerSqrt } from '../numeric/integers.ts';
import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';
import { type HotspotLink, isAtLeast, type LinkBook } from './link-book.ts';
import { above, below, restingOn, type Suspicion } from './suspicion.ts';

type Numbers = TrustNumbers['collusion'];

/** Sums over links of what varies within a link, x = the secret EIRP and y = the reported signal power, ddB². */
interface StepSums {
  observations: number;
  links: number;
  /** Σ (x − x̄)². */
  xx: number;
  /** Σ (x − x̄)(y − ȳ). */
  xy: number;
  /** Σ (y − ȳ)². */
  yy: number;
}

/**
 * Each beacon goes out at a power its secret chose, and what is received rises and falls with it, dB by dB. A hotspot that
 * invents levels without knowing the steps reports a slope of 0. Suspected when the slope is below the band and so many of
 * its standard errors below 1. Only strong links count: of weak ones the low steps are heard when luck lifts them, which
 * flattens the slope of the honest. Senders whose steps trusted hotspots do not see either are left out: a gateway may
 * ignore its power setting, and that is held against nobody.
 */
export function findIgnoredPowerSteps(
  book: LinkBook,
  trust: readonly number[],
  numbers: Pick<TrustNumbers, 'collusion' | 'trust'>,
): Suspicion[] {
  const { collusion } = numbers;
  const isTrusted = (radio: number): boolean => (trust[radio] ?? 0) >= numbers.trust.trustedFrom;
  const seenOf = book.heardBy.map((links) => addUp(links.filter(({ receiver }) => isTrusted(receiver))));
  return book.heard.flatMap((links, radio): Suspicion[] => {
    const followed = links.filter((link) => {
      if (!isAtLeast(link, collusion.slopeStrongDdbm)) return false;
      const seen = seenOf[link.sender] ?? addUp([]);
      const byOthers = isTrusted(radio) ? less(seen, addUp([link])) : seen;
      return byOthers.xx === 0 || slopePermyriad(byOthers) >= lowestSlope(collusion);
    });
    const sums = addUp(followed);
    if (sums.observations < collusion.slopeObservations || followed.length < collusion.slopeSenders) return [];
    if (sums.xx === 0) return [];
    const slope = slopePermyriad(sums);
    const sigmas = tenthsOfSigmaBelowOne(sums, collusion);
    if (slope >= lowestSlope(collusion) || sigmas <= collusion.slopeSigmasTenths) return [];
    const checks = [
      restingOn('step_observations', sums.observations, collusion.slopeObservations),
      restingOn('step_senders', followed.length, collusion.slopeSenders),
      below('power_step_slope', slope, lowestSlope(collusion), 'permyriad'),
      above('slope_errors_below_one', sigmas, collusion.slopeSigmasTenths, 'tenths'),
    ];
    return [{ code: 'power_steps_ignored', radios: [radio], checks }];
  });
}

const ONE_PERMYRIAD = 10_000;

function lowestSlope({ slopeBandPercent }: Numbers): number {
  return ONE_PERMYRIAD - slopeBandPercent * 100;
}

function addUp(links: readonly HotspotLink[]): StepSums {
  const sums = { observations: 0, links: 0, xx: 0, xy: 0, yy: 0 };
  for (const { statistic } of links) {
    const { count, sumSquaredLoss } = statistic;
    const { sumX, sumXX, sumY, sumXY } = statistic.steps;
    const sumYY = sumSquaredLoss - sumXX + 2 * sumXY;
    sums.observations += count;
    sums.links++;
    sums.xx += sumXX - divideRounded(sumX * sumX, count);
    sums.xy += sumXY - divideRounded(sumX * sumY, count);
    sums.yy += sumYY - divideRounded(sumY * sumY, count);
  }
  return sums;
}

function less(a: StepSums, b: StepSums): StepSums {
  return {
    observations: a.observations - b.observations,
    links: a.links - b.links,
    xx: a.xx - b.xx,
    xy: a.xy - b.xy,
    yy: a.yy - b.yy,
  };
}

/** Of reported power on sent power, 10,000 = dB by dB. */
function slopePermyriad({ xx, xy }: StepSums): number {
  return divideRounded(xy * ONE_PERMYRIAD, xx);
}

/** How many of its standard errors the slope is below 1. The scatter is what is seen, and at least what links have. */
function tenthsOfSigmaBelowOne(sums: StepSums, { fadingDdb }: Numbers): number {
  const slope = slopePermyriad(sums);
  const explained = divideRounded(sums.xy * slope, ONE_PERMYRIAD);
  const freedom = Math.max(1, sums.observations - sums.links - 1);
  const scatter = integerSqrt(Math.max(0, Math.floor((sums.yy - explained) / freedom)));
  const length = integerSqrt(sums.xx);
  return Math.floor(((ONE_PERMYRIAD - slope) * length) / ((ONE_PERMYRIAD / 10) * Math.max(scatter, fadingDdb)));
}
