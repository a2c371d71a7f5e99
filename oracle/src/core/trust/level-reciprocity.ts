import type { Radio } from '../location/evidence.ts';
import type { HearingCurve, PairHearing } from '../location/hearing-curve.ts';
import { chancesOf } from '../location/pair-book.ts';
import { divideRounded, integerSqrt, lowerMedian } from '../numeric/integers.ts';
import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';
import { sumOf } from './line-fit.ts';
import { type HotspotLink, type LinkBook, linksWithElders } from './link-book.ts';
import { above, restingOn, type Suspicion } from './suspicion.ts';

type Numbers = Pick<TrustNumbers, 'collusion' | 'trust'>;

/** Both directions between a hotspot and another. */
interface BothWays {
  readonly out: Direction;
  readonly inward: Direction;
}

interface Direction extends Pick<PairHearing, 'count' | 'chances'> {
  /** What is declared of both antennas: mean EIRP of the sender and gain of the receiver, ddBm. Undefined of who is never heard. */
  readonly declaredDdbm: number | undefined;
  /** Between the antennas, after the receiver's gain; undefined if nothing was heard. */
  readonly lossDdb: number | undefined;
}

/**
 * A path loses the same both ways. Over the pairs a hotspot makes with trusted ones of other owners, the loss out less the
 * loss in must not be far off 0. Levels alone are off by what its receiver tells wrong, so by themselves they must be off by more
 * than any receiver is, on average and in the median. How often it is heard, and hears, knows nothing of that: whoever is
 * heard like one that sends more than it says, by rates for certain and by levels as well, does. A receiver deafened by noise is heard
 * more often than it hears, and its levels show nothing. Those who were there before it are asked, if there are enough.
 */
export function findOneSidedLevels(
  book: LinkBook,
  trust: readonly number[],
  numbers: Numbers,
  hearing: HearingCurve,
): Suspicion[] {
  const { collusion } = numbers;
  const eirpsDdbm = book.heardBy.map(meanEirpDdbm);
  return book.evidence.radios.flatMap((_, radio): Suspicion[] => {
    const pairs = pairsWithTrusted(radio, { book, trust, eirpsDdbm }, numbers);
    const levels = pairs.flatMap(({ out, inward }) =>
      out.lossDdb === undefined || inward.lossDdb === undefined ? [] : [out.lossDdb - inward.lossDdb],
    );
    const off = levels.length < collusion.reciprocityPairs ? 0 : leastOff(levels, collusion);
    if (off > collusion.reciprocityDdb) {
      const checks = [
        restingOn('reciprocal_pairs', levels.length, collusion.reciprocityPairs),
        above('loss_out_less_in', off, collusion.reciprocityDdb, 'ddB'),
      ];
      return [{ code: 'levels_not_reciprocal', radios: [radio], checks }];
    }
    const excess = excessPower(pairs, hearing, collusion);
    if (!excess || excess.byRatesDdb <= collusion.excessByRatesDdb) return [];
    if (excess.byLevelsDdb <= collusion.excessByLevelsDdb) return [];
    const checks = [
      restingOn('reciprocal_pairs', excess.pairs, collusion.reciprocityPairs),
      above('excess_power_by_rates', excess.byRatesDdb, collusion.excessByRatesDdb, 'ddB'),
      above('excess_power_by_levels', excess.byLevelsDdb, collusion.excessByLevelsDdb, 'ddB'),
    ];
    return [{ code: 'levels_not_reciprocal', radios: [radio], checks }];
  });
}

/** What is known of all radios. */
interface Known {
  readonly book: LinkBook;
  readonly trust: readonly number[];
  /** Mean, by the radio. */
  readonly eirpsDdbm: readonly (number | undefined)[];
}

/** Of those with whom it has a link at all, in either direction. */
function pairsWithTrusted(radio: number, known: Known, numbers: Numbers): BothWays[] {
  const { book, trust } = known;
  const isTrusted = (i: number): boolean => (trust[i] ?? 0) >= numbers.trust.trustedFrom;
  const heard = (book.heard[radio] ?? []).filter(({ sender }) => isTrusted(sender));
  const heardBy = (book.heardBy[radio] ?? []).filter(({ receiver }) => isTrusted(receiver));
  const all = [...heard, ...heardBy];
  // A pair has two links.
  const enough = 2 * numbers.collusion.reciprocityPairs;
  const notLater = linksWithElders(radio, all, book, enough);
  const asked = notLater.length >= enough ? notLater : all;
  const others = [...new Set(asked.map(({ sender, receiver }) => (sender === radio ? receiver : sender)))];
  const inward = new Map(heard.map((link) => [link.sender, link]));
  const out = new Map(heardBy.map((link) => [link.receiver, link]));
  return others
    .sort((a, b) => a - b)
    .map((other) => ({
      out: directionOf(radio, other, out.get(other), known),
      inward: directionOf(other, radio, inward.get(other), known),
    }));
}

function directionOf(sender: number, receiver: number, link: HotspotLink | undefined, known: Known): Direction {
  const { radios } = known.book.evidence;
  const [from, to] = [radios[sender] as Radio, radios[receiver] as Radio];
  const chances = chancesOf(from, to);
  const gainDdbi = to.antennaGainDdbi ?? 0;
  const eirpDdbm = known.eirpsDdbm[sender];
  const declaredDdbm = eirpDdbm === undefined ? undefined : eirpDdbm + gainDdbi;
  if (!link) return { count: 0, chances, declaredDdbm, lossDdb: undefined };
  return { count: link.statistic.count, chances, declaredDdbm, lossDdb: link.lossDdb + gainDdbi };
}

/** As its beacons' secrets say, of those that were heard. */
function meanEirpDdbm(links: readonly HotspotLink[]): number | undefined {
  if (links.length === 0) return undefined;
  const count = sumOf(links.map(({ statistic }) => statistic.count));
  return divideRounded(sumOf(links.map(({ statistic }) => statistic.steps.sumX)), count);
}

/** How far the mean and the median are off 0 at the least, less the standard errors of a mean of so few pairs. */
function leastOff(differences: readonly number[], { reciprocityErrorsTenths }: TrustNumbers['collusion']): number {
  const n = differences.length;
  const mean = divideRounded(sumOf(differences), n);
  const median = lowerMedian(differences) ?? 0;
  if (Math.sign(mean) !== Math.sign(median)) return 0;
  const squares = differences.reduce((sum, difference) => sum + (difference - mean) * (difference - mean), 0);
  const errors = integerSqrt(
    Math.floor((squares * reciprocityErrorsTenths * reciprocityErrorsTenths) / (100 * n * (n - 1))),
  );
  return Math.max(0, Math.min(Math.abs(mean), Math.abs(median)) - errors);
}

/** Σ of weights is of this size for a variance of 1 ddB². */
const WEIGHT = 1_000_000_000;

/** How much louder than it says a hotspot is heard, by rates less their standard errors, and by levels. Negative: weaker. */
function excessPower(
  pairs: readonly BothWays[],
  hearing: HearingCurve,
  { reciprocityPairs, reciprocityErrorsTenths, reciprocityPairDdb }: TrustNumbers['collusion'],
): { readonly pairs: number; readonly byRatesDdb: number; readonly byLevelsDdb: number } | undefined {
  const levels: number[] = [];
  let [count, weights, sum] = [0, 0, 0];
  for (const { out, inward } of pairs) {
    if (out.chances === 0 || inward.chances === 0) continue;
    const [outRate, inRate] = [hearing.byRate(out), hearing.byRate(inward)];
    if (out.lossDdb !== undefined && inward.lossDdb !== undefined) {
      levels.push(inward.lossDdb + inRate.luckDdb - out.lossDdb - outRate.luckDdb);
    }
    // Of one that is saturated the difference is at least what it seems; two tell nothing.
    if (outRate.isSaturated && inRate.isSaturated) continue;
    if (out.declaredDdbm === undefined || inward.declaredDdbm === undefined) continue;
    const weight = Math.floor(WEIGHT / (outRate.errorDdb ** 2 + inRate.errorDdb ** 2 + reciprocityPairDdb ** 2));
    count++;
    weights += weight;
    sum += weight * (inRate.lossDdb + inward.declaredDdbm - outRate.lossDdb - out.declaredDdbm);
  }
  if (count < reciprocityPairs || levels.length < reciprocityPairs) return undefined;
  const errors = divideRounded(reciprocityErrorsTenths * integerSqrt(Math.floor(WEIGHT / weights)), 10);
  const byRatesDdb = divideRounded(sum, weights) - errors;
  return { pairs: count, byRatesDdb, byLevelsDdb: divideRounded(sumOf(levels), levels.length) };
}
