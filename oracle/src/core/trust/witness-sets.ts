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

/** What two radios have in common: per common end the difference of their levels, and what follows from its variances. */
interface Common {
  readonly ends: number[];
  readonly differences: number[];
  readonly contrasts: Contrast[];
  /** What came out last, and over which of the ends. */
  judged: { readonly counted: readonly number[]; readonly likelierMicronats: number } | undefined;
}

/** Of the variances of a difference of two means, under one antenna and under two. */
interface Contrast {
  /** ln(two / one). */
  readonly nats: number;
  /** 1 / one − 1 / two, ddB⁻². */
  readonly precision: number;
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

/** Who looks like whom by either direction so far. */
class Likeness {
  readonly #size: number;
  readonly #enough: number;
  /** Of pairs that look rather like one than like two, micronats. */
  readonly #scores = new Map<number, number>();
  /** By radio: those that are half as alike to it as twins are. */
  readonly #alike = new Map<number, Set<number>>();

  constructor(size: number, { twinMicronats }: Numbers) {
    this.#size = size;
    this.#enough = twinMicronats / 2;
  }

  /** The greatest of what is said of a pair counts. */
  note(pair: number, micronats: number): void {
    if (micronats <= (this.#scores.get(pair) ?? 0)) return;
    this.#scores.set(pair, micronats);
    if (micronats <= this.#enough) return;
    const [a, b] = [Math.floor(pair / this.#size), pair % this.#size];
    this.#alike.set(a, (this.#alike.get(a) ?? new Set()).add(b));
    this.#alike.set(b, (this.#alike.get(b) ?? new Set()).add(a));
  }

  isLikelierOne(a: number, b: number): boolean {
    return this.#scores.has(a < b ? a * this.#size + b : b * this.#size + a);
  }

  isAlikeToAny(radio: number, others: ReadonlySet<number>): boolean {
    for (const other of this.#alike.get(radio) ?? NOBODY) if (others.has(other)) return true;
    return false;
  }
}

const NOBODY: ReadonlySet<number> = new Set();

/** Each pair and direction once, ascending. */
function findTwins(book: LinkBook, directions: readonly CommonEnds[], { collusion }: Pick<TrustNumbers, 'collusion'>) {
  const size = book.heard.length;
  let likeness = new Likeness(size, collusion);
  for (let pass = 1; pass < PASSES; pass++) {
    const next = new Likeness(size, collusion);
    for (const pairs of directions) {
      for (const [pair, common] of pairs) {
        const counted = independentEnds(Math.floor(pair / size), pair % size, common, likeness);
        next.note(pair, likelierOneAntenna(common, counted, collusion));
      }
    }
    likeness = next;
  }
  return directions.flatMap((pairs) =>
    [...pairs].flatMap(([pair, common]): Twins[] => {
      const [sender, receiver] = [Math.floor(pair / size), pair % size];
      if (!likeness.isLikelierOne(sender, receiver)) return [];
      const apartM = book.distanceBetween(sender, receiver);
      if (apartM === undefined || apartM < collusion.twinDistanceM) return [];
      const counted = independentEnds(sender, receiver, common, likeness);
      if (counted.length < collusion.twinLinks) return [];
      const likelierMicronats = likelierOneAntenna(common, counted, collusion);
      if (likelierMicronats <= collusion.twinMicronats) return [];
      return [{ sender, receiver, apartM, common: counted.length, likelierMicronats }];
    }),
  );
}

/** Places in `ends`: without those that look like both of a pair; and of those that look like each other, the first. */
function independentEnds(sender: number, receiver: number, { ends }: Common, likeness: Likeness): number[] {
  const counted: number[] = [];
  const kept = new Set<number>();
  for (const [i, end] of ends.entries()) {
    if (likeness.isLikelierOne(end, sender) && likeness.isLikelierOne(end, receiver)) continue;
    if (likeness.isAlikeToAny(end, kept)) continue;
    kept.add(end);
    counted.push(i);
  }
  return counted;
}

/**
 * What pairs of radios have in common in one direction, of those that have enough: by the lower number × the number of
 * radios + the higher, ascending.
 */
type CommonEnds = ReadonlyMap<number, Common>;

function commonEnds(all: readonly Ends[], numbers: Numbers): CommonEnds {
  const { twinLinks } = numbers;
  const contrastOf = contrasts(numbers);
  const byEnd: number[][] = all.map(() => []);
  all.forEach((ends, radio) => {
    if (ends.length < twinLinks) return;
    for (const { end } of ends) byEnd[end]?.push(radio);
  });
  const pairs = new Map<number, Common>();
  const counts = new Int32Array(all.length);
  all.forEach((ends, radio) => {
    if (ends.length < twinLinks) return;
    const others: number[] = [];
    for (const { end } of ends) {
      for (const other of byEnd[end] ?? []) {
        if (other <= radio) continue;
        const count = counts[other] as number;
        if (count === 0) others.push(other);
        counts[other] = count + 1;
      }
    }
    const own = new Map(ends.map((one) => [one.end, one]));
    for (const other of others.sort((a, b) => a - b)) {
      if ((counts[other] as number) >= twinLinks)
        pairs.set(radio * all.length + other, commonOf(own, all[other] ?? [], contrastOf));
      counts[other] = 0;
    }
  });
  return pairs;
}

/** Of two radios' ends, one's by the end. */
function commonOf(own: ReadonlyMap<number, End>, others: Ends, contrastOf: (a: End, b: End) => Contrast): Common {
  const common: Common = { ends: [], differences: [], contrasts: [], judged: undefined };
  for (const other of others) {
    const one = own.get(other.end);
    if (!one) continue;
    common.ends.push(other.end);
    common.differences.push(one.lossDdb - other.lossDdb);
    common.contrasts.push(contrastOf(one, other));
  }
  return common;
}

function contrasts({ fadingDdb, twinShadowDdb, twinWeakShadowDdb }: Numbers): (a: End, b: End) => Contrast {
  const [strong, weak] = [contrastsOver(twinShadowDdb), contrastsOver(twinWeakShadowDdb)];
  return (a, b) => {
    const fading = Math.floor((fadingDdb * fadingDdb * (a.count + b.count)) / (a.count * b.count));
    return (a.isStrong && b.isStrong ? strong : weak)(Math.max(1, fading));
  };
}

/** Of a variance by fading alone with the same and the shadows of two paths, ddB². The variances that occur are few. */
function contrastsOver(shadowDdb: number): (variance: number) => Contrast {
  const known = new Map<number, Contrast>();
  return (ofOne) => {
    let contrast = known.get(ofOne);
    if (!contrast) {
      const ofTwo = ofOne + shadowDdb * shadowDdb;
      contrast = { nats: (tenLog10Udb(ofTwo) - tenLog10Udb(ofOne)) / UDB_A_NAT, precision: 1 / ofOne - 1 / ofTwo };
      known.set(ofOne, contrast);
    }
    return contrast;
  };
}

/**
 * Log-likelihood ratio of one antenna over two, over some of the common ends, about the median difference; micronats,
 * rounded down. Each end may be an outlier under one antenna too. Doubles, but only their exactly rounded + − × ÷, in the
 * canonical order.
 */
function likelierOneAntenna(common: Common, counted: readonly number[], { twinOutlierPercent }: Numbers): number {
  const { contrasts, differences, judged } = common;
  if (judged && areEqual(judged.counted, counted)) return judged.likelierMicronats;
  const constant = lowerMedian(counted.map((i) => differences[i] as number)) ?? 0;
  const outlierNats = natsOfPercent(twinOutlierPercent);
  const regularNats = natsOfPercent(100 - twinOutlierPercent);
  let nats = 0;
  for (const i of counted) {
    const { nats: ratio, precision } = contrasts[i] as Contrast;
    const off = (differences[i] as number) - constant;
    nats += Math.max(outlierNats, regularNats + (ratio - off * off * precision) / 2);
  }
  const likelierMicronats = Math.floor(nats * MICRONATS_A_NAT);
  common.judged = { counted, likelierMicronats };
  return likelierMicronats;
}

/** Ascending places. */
function areEqual(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((place, i) => place === b[i]);
}

/** ln(percent / 100). */
function natsOfPercent(percent: number): number {
  return (tenLog10Udb(percent) - tenLog10Udb(100)) / UDB_A_NAT;
}
