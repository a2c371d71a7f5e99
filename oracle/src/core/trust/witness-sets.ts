import { lowerMedian } from '../numeric/integers.ts';
import { tenLog10Udb } from '../numeric/log10.ts';
import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';
import { type HotspotLink, isAtLeast, type LinkBook } from './link-book.ts';
import { above, restingOn, type Suspicion } from './suspicion.ts';
import { groupsOf } from './untrusted-groups.ts';

type Numbers = TrustNumbers['collusion'];

/** The other ends of one radio's strong links in one direction, with the losses. */
type Ends = readonly End[];

interface End {
  readonly end: number;
  readonly lossDdb: number;
  readonly count: number;
  /** Levels are not bent by what can be heard at all. */
  readonly isStrong: boolean;
}

/** Two radios, places apart, whose levels speak for one antenna. */
interface Twins {
  readonly sender: number;
  readonly receiver: number;
  readonly apartM: number;
  /** Other ends both are linked with. */
  readonly common: number;
  /** By how much one antenna explains the levels better than two, micronats. */
  readonly likelierMicronats: number;
}

/** What two radios have in common: per common end the difference of their levels, and its variance by fading alone. */
interface Common {
  readonly ends: number[];
  readonly differences: number[];
  /** Of the difference of two means of one antenna, and of two antennas, ddB². */
  readonly ofOne: number[];
  readonly ofTwo: number[];
}

/** 10 log10 in µdB that make a nat. */
const UDB_A_NAT = 4_342_945;
const MICRONATS_A_NAT = 1_000_000;
/** Who looks like whom is found again without those that looked alike before: the more of a gang is known, the plainer it is. */
const PASSES = 4;

/**
 * Hotspots that claim places far apart and are heard by the same ones, or hear the same ones, at the same levels up to one
 * constant: they share an antenna, or copy from one. Two hypotheses are compared over the common links: the differences
 * are one constant and fading; or each path has shadows of its own besides, as antennas kilometres apart have. A link's mean
 * over n receptions has 1/n of fading's variance, so few receptions say little and many much. Ends that look like
 * both are left out, for accomplices say of each other what they like, and of ends that look like one only the first
 * counts. That both hear much the same ones proves nothing in a dense city, and does not count. Of who hears them only trusted hotspots' words count, so that
 * strangers cannot make two honest ones look like one.
 */
export function findAlikeWitnessSets(
  book: LinkBook,
  trust: readonly number[],
  numbers: Pick<TrustNumbers, 'collusion' | 'trust'>,
): Suspicion[] {
  const { twinStrongDdbm, twinWeakestDdbm } = numbers.collusion;
  const isTrusted = (radio: number): boolean => (trust[radio] ?? 0) >= numbers.trust.trustedFrom;
  const loud = (links: readonly HotspotLink[]) => links.filter((link) => isAtLeast(link, twinWeakestDdbm));
  const outward = book.heardBy.map((links) =>
    loud(links.filter(({ receiver }) => isTrusted(receiver))).map((link) => endOf(link.receiver, link, twinStrongDdbm)),
  );
  const inward = book.heard.map((links) => loud(links).map((link) => endOf(link.sender, link, twinStrongDdbm)));
  const twins = findTwins(
    book,
    [commonEnds(outward, numbers.collusion), commonEnds(inward, numbers.collusion)],
    numbers,
  );
  return groupsOf(trust.length, twins).map((radios) => suspicionOf(radios, twins, numbers.collusion));
}

function endOf(end: number, link: HotspotLink, strongDdbm: number): End {
  return { end, lossDdb: link.lossDdb, count: link.statistic.count, isStrong: isAtLeast(link, strongDdbm) };
}

/** By the numbers of the plainest pair. */
function suspicionOf(radios: readonly number[], twins: readonly Twins[], numbers: Numbers): Suspicion {
  const members = new Set(radios);
  const [plainest] = twins
    .filter(({ sender }) => members.has(sender))
    .sort((x, y) => y.likelierMicronats - x.likelierMicronats || x.sender - y.sender || x.receiver - y.receiver);
  const checks = plainest && [
    restingOn('claimed_apart', plainest.apartM, numbers.twinDistanceM, 'm'),
    restingOn('common_links', plainest.common, numbers.twinLinks),
    above('one_antenna_likelier', plainest.likelierMicronats, numbers.twinMicronats, 'micronat'),
  ];
  return { code: 'witness_sets_alike', radios, checks: checks ?? [] };
}

/** How alike two radios are by either direction so far, micronats; 0 while nothing is known. */
type Scores = ReadonlyMap<number, number>;

/** Each pair and direction once, ascending. */
function findTwins(book: LinkBook, directions: readonly CommonEnds[], { collusion }: Pick<TrustNumbers, 'collusion'>) {
  let scores: Scores = new Map();
  for (let pass = 1; pass < PASSES; pass++) {
    const known = scores;
    const next = new Map<number, number>();
    for (const { pairs, size } of directions) {
      for (const [pair, common] of pairs) {
        const ends = independentEnds(pair, common, { scores: known, size }, collusion);
        const score = likelierOneAntenna(common, ends, collusion);
        next.set(pair, Math.max(score, next.get(pair) ?? score));
      }
    }
    scores = next;
  }
  return directions.flatMap(({ pairs, size }) =>
    [...pairs].flatMap(([pair, common]): Twins[] => {
      if ((scores.get(pair) ?? 0) <= 0) return [];
      const [sender, receiver] = [Math.floor(pair / size), pair % size];
      const apartM = book.distanceBetween(sender, receiver);
      if (apartM === undefined || apartM < collusion.twinDistanceM) return [];
      const ends = independentEnds(pair, common, { scores, size }, collusion);
      if (ends.length < collusion.twinLinks) return [];
      const likelierMicronats = likelierOneAntenna(common, ends, collusion);
      if (likelierMicronats <= collusion.twinMicronats) return [];
      return [{ sender, receiver, apartM, common: ends.length, likelierMicronats }];
    }),
  );
}

/** Without those that look like both of a pair; and of those that look like each other, the first. */
function independentEnds(
  pair: number,
  { ends }: Common,
  { scores, size }: { readonly scores: Scores; readonly size: number },
  { twinMicronats }: Numbers,
): number[] {
  const scoreOf = (a: number, b: number): number => scores.get(Math.min(a, b) * size + Math.max(a, b)) ?? 0;
  const [sender, receiver] = [Math.floor(pair / size), pair % size];
  const kept: number[] = [];
  for (const end of ends) {
    if (scoreOf(end, sender) > 0 && scoreOf(end, receiver) > 0) continue;
    if (!kept.some((other) => 2 * scoreOf(end, other) > twinMicronats)) kept.push(end);
  }
  return kept;
}

/** What pairs of radios have in common in one direction, of those that have enough. */
interface CommonEnds {
  /** How many radios there are. */
  readonly size: number;
  /** By the lower number × size + the higher, ascending. */
  readonly pairs: ReadonlyMap<number, Common>;
}

function commonEnds(
  all: readonly Ends[],
  { fadingDdb, twinLinks, twinShadowDdb, twinWeakShadowDdb }: Numbers,
): CommonEnds {
  const byEnd: (End & { readonly radio: number })[][] = all.map(() => []);
  all.forEach((ends, radio) => {
    if (ends.length < twinLinks) return;
    for (const one of ends) byEnd[one.end]?.push({ ...one, radio });
  });
  const pairs = new Map<number, Common>();
  all.forEach((ends, radio) => {
    if (ends.length < twinLinks) return;
    const shared = new Map<number, Common>();
    for (const { end, lossDdb, count, isStrong } of ends) {
      for (const other of byEnd[end] ?? []) {
        if (other.radio <= radio) continue;
        const common = shared.get(other.radio) ?? { ends: [], differences: [], ofOne: [], ofTwo: [] };
        shared.set(other.radio, common);
        common.ends.push(end);
        common.differences.push(lossDdb - other.lossDdb);
        const fading = Math.floor((fadingDdb * fadingDdb * (count + other.count)) / (count * other.count));
        const shadowDdb = isStrong && other.isStrong ? twinShadowDdb : twinWeakShadowDdb;
        common.ofOne.push(Math.max(1, fading));
        common.ofTwo.push(Math.max(1, fading) + shadowDdb * shadowDdb);
      }
    }
    const enough = [...shared].filter(([, { ends: common }]) => common.length >= twinLinks);
    for (const [other, common] of enough.sort(([a], [b]) => a - b)) pairs.set(radio * all.length + other, common);
  });
  return { size: all.length, pairs };
}

/**
 * Log-likelihood ratio of one antenna over two, over some of the common ends, about the median difference; micronats,
 * rounded down. Each end may be an outlier under one antenna too. Doubles, but only their exactly rounded + − × ÷, in the
 * canonical order.
 */
function likelierOneAntenna(
  { differences, ends, ...variances }: Common,
  of: readonly number[],
  numbers: Numbers,
): number {
  const counts = new Set(of);
  const counted = ends.flatMap((end, i) => (counts.has(end) ? [i] : []));
  const constant = lowerMedian(counted.map((i) => differences[i] as number)) ?? 0;
  const outlierNats = natsOfPercent(numbers.twinOutlierPercent);
  const regularNats = natsOfPercent(100 - numbers.twinOutlierPercent);
  let nats = 0;
  for (const i of counted) {
    const [ofOne, ofTwo] = [variances.ofOne[i] as number, variances.ofTwo[i] as number];
    const off = (differences[i] as number) - constant;
    const ratio = (tenLog10Udb(ofTwo) - tenLog10Udb(ofOne)) / UDB_A_NAT;
    nats += Math.max(outlierNats, regularNats + (ratio - off * off * (1 / ofOne - 1 / ofTwo)) / 2);
  }
  return Math.floor(nats * MICRONATS_A_NAT);
}

/** ln(percent / 100). */
function natsOfPercent(percent: number): number {
  return (tenLog10Udb(percent) - tenLog10Udb(100)) / UDB_A_NAT;
}
