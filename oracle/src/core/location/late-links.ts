import { lowerMedian } from '../numeric/integers.ts';
import type { LocationNumbers } from '../ruleset/rule-set.ts';
import { isProven, type LinkStatistic, meanDelayMs, type NetworkEvidence, type Standing } from './evidence.ts';

/**
 * The links without those that come later than both ends' clocks explain: who hears a frame only after somebody has recorded it and sent
 * it once more was reached by that one's radio, whose place nobody knows. How late a radio hears and is heard is the median over its links
 * with proven ones, less what is usual of those: a wrong clock shifts all links of a radio alike, and none is left out for it. Who is not
 * proven and hears late, or is heard late, altogether keeps all links: that they come late speaks against it.
 */
export function withoutLateLinks(
  { links, radios, standings }: Pick<NetworkEvidence, 'links' | 'radios' | 'standings'>,
  { location }: Pick<LocationNumbers, 'location'>,
): readonly LinkStatistic[] {
  const proven = radios.map((radio, i) => isProven(radio, standings[i] as Standing));
  const ofProven = links.filter(({ sender }) => proven[sender]);
  const toProven = links.filter(({ receiver }) => proven[receiver]);
  // First by the clocks of all who are proven together, then by what each is known to be late by.
  const among = toProven.filter(({ sender }) => proven[sender]);
  const hearsLate = mediansBy(among, (link) => link.receiver, meanDelayMs);
  const sentLate = mediansBy(
    toProven,
    (link) => link.sender,
    (link) => meanDelayMs(link) - (hearsLate.get(link.receiver) ?? 0),
  );
  const heardLate = mediansBy(
    ofProven,
    (link) => link.receiver,
    (link) => meanDelayMs(link) - (sentLate.get(link.sender) ?? 0),
  );
  const isInTime = (i: number): boolean => {
    return proven[i] === true || Math.max(sentLate.get(i) ?? 0, heardLate.get(i) ?? 0) <= location.lateLinkMs;
  };
  return links.filter((link) => {
    const [sent, heard] = [sentLate.get(link.sender), heardLate.get(link.receiver)];
    if (sent === undefined || heard === undefined || !isInTime(link.sender) || !isInTime(link.receiver)) return true;
    return meanDelayMs(link) - sent - heard <= location.lateLinkMs;
  });
}

/** Of what the links of each radio say, which is one end of them. */
function mediansBy(
  links: readonly LinkStatistic[],
  radioOf: (link: LinkStatistic) => number,
  msOf: (link: LinkStatistic) => number,
): ReadonlyMap<number, number> {
  const all = new Map<number, number[]>();
  for (const link of links) {
    const known = all.get(radioOf(link));
    if (known) known.push(msOf(link));
    else all.set(radioOf(link), [msOf(link)]);
  }
  return new Map([...all].map(([radio, values]) => [radio, lowerMedian(values) ?? 0]));
}
