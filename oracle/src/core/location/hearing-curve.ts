import { divideRounded, integerSqrt } from '../numeric/integers.ts';
import { buildNormalTable, type NormalTable } from '../numeric/normal-tables.ts';
import type { LocationNumbers } from '../ruleset/rule-set.ts';

/** How often one of two radios heard the other. */
export interface PairHearing {
  readonly count: number;
  /** Transmissions it could have heard. */
  readonly chances: number;
  /** Of what was heard; 0 if nothing was. */
  readonly meanLossDdb: number;
}

/** The loss between two radios as their receptions tell it. */
export interface LossEstimate {
  /** The loss; if nothing was heard the least that leaves as many chances unused with even odds. */
  readonly lossDdb: number;
  /** How far that may be wrong, one standard deviation. */
  readonly spreadDdb: number;
  readonly isSilent: boolean;
}

/** The loss of one path as its receptions tell it, but for what all that one receiver reports has in common. */
export interface PathEstimate {
  readonly lossDdb: number;
  /** How far that may be wrong, ddB². */
  readonly varianceDdb2: number;
}

/** What a rate of receptions tells alone. */
export interface RateEstimate {
  /** If `isSaturated` at most that. */
  readonly lossDdb: number;
  /** How far that may be wrong, one standard deviation. */
  readonly errorDdb: number;
  /** By how much more is lost than the levels of what was heard say. */
  readonly luckDdb: number;
  /** So much is heard that the rate tells next to nothing. */
  readonly isSaturated: boolean;
}

/** What corrects a mean level. */
interface RateBesideLevels {
  readonly rateLossDdb: number;
  readonly luckDdb: number;
  /** Of 1,000,000. */
  readonly rateWeight: number;
}

const MILLION = 1_000_000;
/** Beyond z = ±4 nothing is told apart. */
const LAST_Z = 400;
/** Above so much of what can be heard at all the rate tells nothing more, and the levels everything. */
const SATURATED_PERCENT = 85;
/** Above so much of it a rate tells next to nothing. */
const NEARLY_ALL_PERCENT = 95;
const MOST_BIAS_DDB = 150;
/** What one rounded count may be wrong. */
const COUNT_ERROR_DDB = 5;

/**
 * What a count of receptions says about a loss. Beacons of several powers and spreading factors, fading and noise make a
 * transmission heard with a probability that falls with the loss like a normal distribution. So the rate tells the loss; and
 * of a weak link only lucky receptions are levels at all, by an amount the rate tells as well.
 */
export class HearingCurve {
  readonly #numbers: LocationNumbers['hearing'];
  readonly #normal: NormalTable;
  readonly #known = new Map<number, Omit<LossEstimate, 'lossDdb'> & RateBesideLevels>();

  constructor({ hearing }: Pick<LocationNumbers, 'hearing'>) {
    this.#numbers = hearing;
    this.#normal = buildNormalTable(LAST_Z);
  }

  estimate({ count, chances, meanLossDdb }: PairHearing): LossEstimate {
    const of = Math.max(count, chances);
    const key = of * 65_536 + count;
    let rate = this.#known.get(key);
    if (!rate) this.#known.set(key, (rate = count === 0 ? this.#silence(of) : this.#rate(count, of)));
    return { lossDdb: lossOf(meanLossDdb, rate), spreadDdb: rate.spreadDdb, isSilent: rate.isSilent };
  }

  /** By levels and rate of at least one reception, to be compared with what the same receiver reports of others. */
  ofPath({ count, chances, meanLossDdb }: PairHearing): PathEstimate {
    const { fadingDdb } = this.#numbers;
    const levelVariance = Math.max(1, divideRounded(fadingDdb * fadingDdb, count));
    const { varianceDdb2, ...both } = this.#both(count, Math.max(count, chances), levelVariance);
    return { lossDdb: lossOf(meanLossDdb, both), varianceDdb2: Math.max(1, varianceDdb2) };
  }

  /** Of a loss: whether most transmissions are heard over it, of those that can be at all. */
  isMostlyHeard({ lossDdb }: Pick<PathEstimate, 'lossDdb'>): boolean {
    return lossDdb <= this.#numbers.middleLossDdb;
  }

  /** By the rate alone, whatever levels say; of silence as of a third of a reception. What is heard all but always is `isSaturated`. */
  byRate({ count, chances }: Pick<PairHearing, 'count' | 'chances'>): RateEstimate {
    const { middleLossDdb, spreadDdb, bestPercent } = this.#numbers;
    const most = Math.floor((NEARLY_ALL_PERCENT * bestPercent * chances) / 10_000);
    const { z, luckDdb, errorDdb } = this.#ofRate(Math.min(count, most), chances);
    const lossDdb = middleLossDdb - divideRounded(spreadDdb * z, 100);
    return { lossDdb, errorDdb, luckDdb, isSaturated: count > most };
  }

  /** Nothing heard in so many chances, which was as likely as not at `lossDdb`. */
  #silence(chances: number) {
    const { middleLossDdb, spreadDdb } = this.#numbers;
    // (1 − p)^n = q: p = −ln q / (n + c) within a hundredth, q = 0.5, 0.16 and 0.84.
    const even = this.#zOf(divideRounded(69_300_000, 100 * chances + 35));
    const seldom = this.#zOf(divideRounded(183_258_000, 100 * chances + 92));
    const mostly = this.#zOf(divideRounded(17_440_000, 100 * chances + 9));
    const rateLossDdb = middleLossDdb - divideRounded(spreadDdb * even, 100);
    const spread = divideRounded(spreadDdb * (seldom - mostly), 200);
    return { rateLossDdb, luckDdb: 0, rateWeight: MILLION, spreadDdb: spread, isSilent: true };
  }

  #rate(count: number, chances: number) {
    const { fadingDdb, levelErrorDdb } = this.#numbers;
    const levelVariance = divideRounded(16 * fadingDdb * fadingDdb, 25 * count) + levelErrorDdb * levelErrorDdb;
    const { varianceDdb2, ...both } = this.#both(count, chances, levelVariance);
    return { ...both, spreadDdb: integerSqrt(varianceDdb2), isSilent: false };
  }

  /** What a rate says, and how much of it counts beside levels of a variance. */
  #both(count: number, chances: number, levelVariance: number): RateBesideLevels & { readonly varianceDdb2: number } {
    const { middleLossDdb, spreadDdb, bestPercent } = this.#numbers;
    const { z, luckDdb, errorDdb } = this.#ofRate(count, chances);
    const isSaturated = count * 10_000 > SATURATED_PERCENT * bestPercent * chances;
    if (isSaturated) return { rateLossDdb: 0, luckDdb, rateWeight: 0, varianceDdb2: levelVariance };
    const rateVariance = (errorDdb + COUNT_ERROR_DDB) ** 2;
    const sum = levelVariance + rateVariance;
    return {
      rateLossDdb: middleLossDdb - divideRounded(spreadDdb * z, 100),
      luckDdb,
      rateWeight: divideRounded(levelVariance * MILLION, sum),
      varianceDdb2: divideRounded(levelVariance * rateVariance, sum),
    };
  }

  /** Of one reception or more than none: where on the curve, how lucky its levels are, and how far the rate may be off. */
  #ofRate(count: number, chances: number): { readonly z: number; readonly luckDdb: number; readonly errorDdb: number } {
    const { spreadDdb, fadingDdb } = this.#numbers;
    const z = this.#zOf(divideRounded((10 * count + 3) * MILLION, 10 * chances + 6));
    const { cumulative, density } = this.#normal;
    const [p, height] = [cumulative[z + LAST_Z] as number, density[z + LAST_Z] as number];
    const luckDdb = Math.min(MOST_BIAS_DDB, divideRounded(fadingDdb * fadingDdb * height, spreadDdb * p));
    const errorDdb = divideRounded(spreadDdb * integerSqrt(divideRounded(p * (MILLION - p), chances)), height);
    return { z, luckDdb, errorDdb };
  }

  /** z × 100 at which so many millionths of transmissions are heard, of those that can be at all. */
  #zOf(millionths: number): number {
    const share = Math.min(MILLION, divideRounded(100 * millionths, this.#numbers.bestPercent));
    const { cumulative } = this.#normal;
    let [low, high] = [0, 2 * LAST_Z];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((cumulative[middle] as number) < share) low = middle + 1;
      else high = middle;
    }
    return low - LAST_Z;
  }
}

function lossOf(meanLossDdb: number, { luckDdb, rateLossDdb, rateWeight }: RateBesideLevels): number {
  const levelDdb = meanLossDdb + luckDdb;
  return levelDdb + divideRounded((rateLossDdb - levelDdb) * rateWeight, MILLION);
}
