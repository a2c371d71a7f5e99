import { divideRounded, integerSqrt, lowerMedian } from '../numeric/integers.ts';
import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';
import { sumOf } from './line-fit.ts';
import type { HotspotLink, LinkBook } from './link-book.ts';
import { above, restingOn, type Suspicion } from './suspicion.ts';

/**
 * A path loses the same both ways. Over the pairs a hotspot makes with trusted ones of other owners, the loss out less the
 * loss in, after antenna gains, must not differ from 0 by more than the limit, neither on average nor in the median, and for certain: it
 * would transmit more than it says, or not report what it measures. Only trusted hotspots' words count, and a few that
 * send too loud among them shift no median, so that others cannot make an honest one stand out.
 */
export function findOneSidedLevels(
  book: LinkBook,
  trust: readonly number[],
  numbers: Pick<TrustNumbers, 'collusion' | 'trust'>,
): Suspicion[] {
  const { reciprocityPairs, reciprocityDdb } = numbers.collusion;
  return book.heard.flatMap((heard, radio): Suspicion[] => {
    const outward = new Map((book.heardBy[radio] ?? []).map((link) => [link.receiver, link]));
    const differences = heard.flatMap((inward) => {
      const out = outward.get(inward.sender);
      const counts = (trust[inward.sender] ?? 0) >= numbers.trust.trustedFrom;
      return out && counts ? [pathLossDdb(book, out) - pathLossDdb(book, inward)] : [];
    });
    if (differences.length < reciprocityPairs) return [];
    const off = leastOff(differences, numbers.collusion);
    if (off <= reciprocityDdb) return [];
    const checks = [
      restingOn('reciprocal_pairs', differences.length, reciprocityPairs),
      above('loss_out_less_in', off, reciprocityDdb, 'ddB'),
    ];
    return [{ code: 'levels_not_reciprocal', radios: [radio], checks }];
  });
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

/** Between the antennas: what is lost from EIRP to signal power, and the receiver's gain. */
function pathLossDdb({ evidence }: LinkBook, { receiver, lossDdb }: HotspotLink): number {
  return lossDdb + (evidence.radios[receiver]?.antennaGainDdbi ?? 0);
}
