import { divideRounded, integerSqrt } from '../numeric/integers.ts';
import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';
import type { HotspotLink, LinkBook } from './link-book.ts';
import { above, below, restingOn, type Suspicion } from './suspicion.ts';
import { groupsOf } from './untrusted-groups.ts';

type Numbers = TrustNumbers['collusion'];

/** The other ends of one radio's links in one direction, with the losses. */
type Ends = readonly { readonly end: number; readonly lossDdb: number; readonly count: number }[];

/** Two radios that are linked with the same others at the same levels, places apart. */
interface Twins {
  readonly sender: number;
  readonly receiver: number;
  readonly apartM: number;
  readonly common: number;
  readonly overlapPermyriad: number;
  /** Of the differences of their levels, less what fading alone makes of so few receptions. */
  readonly spreadDdb: number;
}

/** What is being added up about a radio and each one after it. */
interface PairSums {
  /** Other ends both are linked with, at least one of them firmly. */
  readonly common: Int32Array;
  /** Those both are linked with firmly. */
  readonly compared: Int32Array;
  readonly differences: Float64Array;
  readonly squares: Float64Array;
  /** Σ (1/n + 1/n′) over the receptions of the two links, in millionths. */
  readonly fading: Float64Array;
}

const MILLION = 1_000_000;

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

function endOf(end: number, { lossDdb, statistic }: HotspotLink): Ends[number] {
  return { end, lossDdb, count: statistic.count };
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
  const byEnd: { readonly radio: number; readonly lossDdb: number; readonly count: number }[][] = all.map(() => []);
  all.forEach((ends, radio) => {
    if (ends.length < numbers.twinLinks) return;
    for (const { end, lossDdb, count } of ends) byEnd[end]?.push({ radio, lossDdb, count });
  });
  const firm = all.map((ends) => ends.filter(({ count }) => count >= numbers.twinReceptions).length);
  const sums: PairSums = {
    common: new Int32Array(all.length),
    compared: new Int32Array(all.length),
    differences: new Float64Array(all.length),
    squares: new Float64Array(all.length),
    fading: new Float64Array(all.length),
  };
  return all.flatMap((ends, sender): Twins[] => {
    if (ends.length < numbers.twinLinks) return [];
    for (const column of Object.values(sums)) column.fill(0);
    for (const { end, lossDdb, count } of ends) {
      for (const other of byEnd[end] ?? []) {
        if (other.radio <= sender) continue;
        if (Math.max(count, other.count) < numbers.twinReceptions) continue;
        const isComparable = Math.min(count, other.count) >= numbers.twinReceptions;
        add(sums, other.radio, lossDdb - other.lossDdb, isComparable ? fadingOf(count, other.count) : undefined);
      }
    }
    const found: Twins[] = [];
    for (let receiver = sender + 1; receiver < all.length; receiver++) {
      const compared = sums.compared[receiver] as number;
      if (compared < numbers.twinLinks) continue;
      const common = sums.common[receiver] as number;
      const either = (firm[sender] as number) + (firm[receiver] as number) - compared;
      const overlapPermyriad = divideRounded(common * 10_000, either);
      const spreadDdb = spreadBeyondFading(sums, receiver, numbers);
      if (spreadDdb >= numbers.twinSpreadDdb || overlapPermyriad <= numbers.twinOverlapPercent * 100) continue;
      const apartM = book.distanceBetween(sender, receiver);
      if (apartM === undefined || apartM < numbers.twinDistanceM) continue;
      found.push({ sender, receiver, apartM, common, overlapPermyriad, spreadDdb });
    }
    return found;
  });
}

function add(sums: PairSums, radio: number, difference: number, fading: number | undefined): void {
  const { common, compared, differences, squares } = sums;
  common[radio] = (common[radio] as number) + 1;
  if (fading === undefined) return;
  compared[radio] = (compared[radio] as number) + 1;
  differences[radio] = (differences[radio] as number) + difference;
  squares[radio] = (squares[radio] as number) + difference * difference;
  sums.fading[radio] = (sums.fading[radio] as number) + fading;
}

/** 1/n + 1/n′, in millionths. */
function fadingOf(count: number, other: number): number {
  return Math.floor(((count + other) * MILLION) / (count * other));
}

/** The standard deviation of the differences, less what fading adds to them, rounded down; 0 when fading explains all. */
function spreadBeyondFading(sums: PairSums, radio: number, { fadingDdb }: Numbers): number {
  const count = sums.compared[radio] as number;
  const difference = sums.differences[radio] as number;
  const variance = Math.floor(
    (count * (sums.squares[radio] as number) - difference * difference) / (count * (count - 1)),
  );
  const ofFading = Math.floor((fadingDdb * fadingDdb * (sums.fading[radio] as number)) / (count * MILLION));
  return integerSqrt(Math.max(0, variance - ofFading));
}
