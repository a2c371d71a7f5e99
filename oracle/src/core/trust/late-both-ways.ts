import { isProven, meanDelayMs, type Radio, type Standing } from '../location/evidence.ts';
import { lowerMedian, lowerQuantile } from '../numeric/integers.ts';
import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';
import { type HotspotLink, heardByElders, type LinkBook, linksWithElders } from './link-book.ts';
import { above, restingOn, type Suspicion } from './suspicion.ts';

/**
 * What is recorded, carried and sent again arrives late: a far farm hears a city later than the city itself does. So does who
 * has a wrong clock; but that one is heard early by as much, so that both together are not late. A forwarder that sends a second
 * after it said so is heard late, and hears nothing late. In each direction the median over the links with trusted hotspots
 * counts, of those who were there before it: a few wrong clocks among them, accomplices near by, and any number of newcomers
 * shift nothing. Of a proven place three quarters must be late: who stands beside a farm that sends a city's beacons once more hears
 * more of them than of its neighbours, but these in time.
 */
export function findLateBothWays(
  book: LinkBook,
  trust: readonly number[],
  numbers: Pick<TrustNumbers, 'collusion' | 'trust'>,
): Suspicion[] {
  const { lateLinks, lateHeardMs, lateBothMs, lateForwarderMs, latePercent, lateProvenPercent } = numbers.collusion;
  const { radios, standings } = book.evidence;
  const isTrusted = (radio: number): boolean => (trust[radio] ?? 0) >= numbers.trust.trustedFrom;
  const trustedHearers = book.heardBy.map((links) => links.filter(({ receiver }) => isTrusted(receiver)));
  return book.heard.flatMap((all, radio): Suspicion[] => {
    const sent = linksWithElders(radio, trustedHearers[radio] ?? [], book, lateLinks);
    if (sent.length < lateLinks) return [];
    const fromTrusted = all.filter(({ sender }) => isTrusted(sender));
    const heardMs = linksWithElders(radio, fromTrusted, book, lateLinks).flatMap((link) => {
      const usual = usualDelayMs(radio, trustedHearers[link.sender] ?? [], book);
      return usual === undefined ? [] : [delayMsOf(link) - usual];
    });
    if (heardMs.length < lateLinks) return [];
    const isKnown = isProven(radios[radio] as Radio, standings[radio] as Standing);
    const inTimePercent = 100 - (isKnown ? lateProvenPercent : latePercent);
    const laterMs = lowerQuantile(heardMs, inTimePercent) ?? 0;
    const bothMs = laterMs + (lowerQuantile(sent.map(delayMsOf), inTimePercent) ?? 0);
    // What no forwarder's habit explains needs no late hearing.
    const limitMs = laterMs > lateHeardMs ? lateBothMs : lateForwarderMs;
    if (bothMs <= limitMs) return [];
    const checks = [
      restingOn('late_links', Math.min(heardMs.length, sent.length), lateLinks),
      restingOn('heard_later_than_others', laterMs, lateHeardMs, 'ms'),
      above('delay_both_ways', bothMs, limitMs, 'ms'),
    ];
    return [{ code: 'late_both_ways', radios: [radio], checks }];
  });
}

/** Of one sender: the median delay at others who were there before a radio, or came no later. Undefined without three. */
function usualDelayMs(radio: number, hearers: readonly HotspotLink[], book: LinkBook): number | undefined {
  const others = hearers.filter(({ receiver }) => receiver !== radio);
  const asked = heardByElders(radio, others, book, FEWEST);
  return asked.length < FEWEST ? undefined : lowerMedian(asked.map(delayMsOf));
}

/** One of three may have a wrong clock. */
const FEWEST = 3;

const delayMsOf = ({ statistic }: HotspotLink): number => meanDelayMs(statistic);
