import { divideRounded, integerSqrt } from '../numeric/integers.ts';
import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';
import type { HotspotLink, LinkBook } from './link-book.ts';
import { above, below, restingOn, type Suspicion } from './suspicion.ts';
import { groupsOf } from './untrusted-groups.ts';

type Numbers = TrustNumbers['collusion'];

/** The other ends of one radio's links in one direction, with the losses. */
type Ends = readonly { readonly end: number; readonly lossDdb: number }[];

/** Two radios that are linked with the same others at the same levels, places apart. */
interface Twins {
  readonly sender: number;
  readonly receiver: number;
  readonly apartM: number;
  readonly common: number;
  readonly overlapPermyriad: number;
  readonly spreadDdb: number;
}

/**
 * Hotspots that claim places far apart and are heard by the same ones, or hear the same ones, at the same levels up to one
 * constant: they share an antenna, or copy from one. That the sets are alike proves nothing in a dense city, where all
 * hear all; but between antennas kilometres apart each path has its own shadows, and levels differ by 6 to 14 dB.
 */
export function findAlikeWitnessSets(book: LinkBook, numbers: Pick<TrustNumbers, 'collusion'>): Suspicion[] {
  const outward = book.heardBy.map((links) => links.map((link) => endOf(link.receiver, link)));
  const inward = book.heard.map((links) => links.map((link) => endOf(link.sender, link)));
  return [...suspicionsOf(book, outward, numbers.collusion), ...suspicionsOf(book, inward, numbers.collusion)];
}

function endOf(end: number, { lossDdb }: HotspotLink): Ends[number] {
  return { end, lossDdb };
}

function suspicionsOf(book: LinkBook, all: readonly Ends[], numbers: Numbers): Suspicion[] {
  const twins = findTwins(book, all, numbers);
  return groupsOf(all.length, twins).flatMap((radios): Suspicion[] => {
    const members = new Set(radios);
    const within = twins.filter(({ sender }) => members.has(sender));
    const [plainest] = within.sort(
      (x, y) => x.spreadDdb - y.spreadDdb || x.sender - y.sender || x.receiver - y.receiver,
    );
    if (!plainest) return [];
    const checks = [
      restingOn('claimed_apart', plainest.apartM, numbers.twinDistanceM, 'm'),
      restingOn('common_links', plainest.common, numbers.twinLinks),
      above('witness_overlap', plainest.overlapPermyriad, numbers.twinOverlapPercent * 100, 'permyriad'),
      below('level_difference_spread', plainest.spreadDdb, numbers.twinSpreadDdb, 'ddB'),
    ];
    return [{ code: 'witness_sets_alike', radios, checks }];
  });
}

/** Each pair once, ascending. */
function findTwins(book: LinkBook, all: readonly Ends[], numbers: Numbers): Twins[] {
  const byEnd: { readonly radio: number; readonly lossDdb: number }[][] = all.map(() => []);
  all.forEach((ends, radio) => {
    if (ends.length >= numbers.twinLinks) for (const { end, lossDdb } of ends) byEnd[end]?.push({ radio, lossDdb });
  });
  const common = new Int32Array(all.length);
  const sums = new Float64Array(all.length);
  const squares = new Float64Array(all.length);
  return all.flatMap((ends, sender): Twins[] => {
    if (ends.length < numbers.twinLinks) return [];
    common.fill(0);
    sums.fill(0);
    squares.fill(0);
    for (const { end, lossDdb } of ends) {
      for (const other of byEnd[end] ?? []) {
        if (other.radio <= sender) continue;
        const difference = lossDdb - other.lossDdb;
        common[other.radio] = (common[other.radio] as number) + 1;
        sums[other.radio] = (sums[other.radio] as number) + difference;
        squares[other.radio] = (squares[other.radio] as number) + difference * difference;
      }
    }
    const found: Twins[] = [];
    for (let receiver = sender + 1; receiver < all.length; receiver++) {
      const count = common[receiver] as number;
      if (count < numbers.twinLinks) continue;
      const spreadDdb = spreadFrom(count, sums[receiver] as number, squares[receiver] as number);
      const either = ends.length + (all[receiver]?.length ?? 0) - count;
      const overlapPermyriad = divideRounded(count * 10_000, either);
      if (spreadDdb >= numbers.twinSpreadDdb || overlapPermyriad <= numbers.twinOverlapPercent * 100) continue;
      const apartM = book.distanceBetween(sender, receiver);
      if (apartM === undefined || apartM < numbers.twinDistanceM) continue;
      found.push({ sender, receiver, apartM, common: count, overlapPermyriad, spreadDdb });
    }
    return found;
  });
}

/** The standard deviation of at least two whole numbers, rounded down. */
function spreadFrom(count: number, sum: number, squares: number): number {
  return integerSqrt(Math.floor((count * squares - sum * sum) / (count * (count - 1))));
}
