import { divideRounded, lowerMedian } from '../numeric/integers.ts';
import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';
import { type HotspotLink, type LinkBook, linksWithElders } from './link-book.ts';
import { above, restingOn, type Suspicion } from './suspicion.ts';

/**
 * What is recorded, carried and sent again arrives late: what a far farm hears of a city, and what the city hears of the
 * farm. A clock that is wrong makes one direction late and the other early by as much; the sum of both does not depend on
 * it. In each direction the median over the links with trusted hotspots counts, of those who were there before it: a few
 * wrong clocks among them, accomplices near by, and any number of newcomers shift nothing.
 */
export function findLateBothWays(
  book: LinkBook,
  trust: readonly number[],
  numbers: Pick<TrustNumbers, 'collusion' | 'trust'>,
): Suspicion[] {
  const { lateLinks, lateMs } = numbers.collusion;
  const isTrusted = (radio: number): boolean => (trust[radio] ?? 0) >= numbers.trust.trustedFrom;
  return book.heard.flatMap((heard, radio): Suspicion[] => {
    const inward = linksWithElders(
      radio,
      heard.filter(({ sender }) => isTrusted(sender)),
      book,
      lateLinks,
    );
    const heardBy = (book.heardBy[radio] ?? []).filter(({ receiver }) => isTrusted(receiver));
    const outward = linksWithElders(radio, heardBy, book, lateLinks);
    const links = Math.min(inward.length, outward.length);
    if (links < lateLinks) return [];
    const delayMs = medianDelayMs(inward) + medianDelayMs(outward);
    if (delayMs <= lateMs) return [];
    const checks = [restingOn('late_links', links, lateLinks), above('delay_both_ways', delayMs, lateMs, 'ms')];
    return [{ code: 'late_both_ways', radios: [radio], checks }];
  });
}

/** Of the means of links, of which there is at least one. */
function medianDelayMs(links: readonly HotspotLink[]): number {
  return lowerMedian(links.map(({ statistic }) => divideRounded(statistic.sumDelayMs, statistic.count))) ?? 0;
}
