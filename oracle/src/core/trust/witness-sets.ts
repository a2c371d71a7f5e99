import type { Radio } from '../location/evidence.ts';
import type { HearingCurve } from '../location/hearing-curve.ts';
import { chancesOf } from '../location/pair-book.ts';
import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';
import { type AntennaGroup, findAntennaGroups } from './antenna-groups.ts';
import { type Common, commonOf, contrasts, type End, type Ends, likelierOneAntenna } from './antenna-odds.ts';
import { Likeness } from './likeness.ts';
import { type HotspotLink, isAtLeast, type LinkBook } from './link-book.ts';
import { above, restingOn, type Suspicion } from './suspicion.ts';
import { groupsOf } from './untrusted-groups.ts';

type Numbers = TrustNumbers['collusion'];

/** Two radios, places apart, whose levels speak for one antenna. */
interface Twins {
  readonly sender: number;
  readonly receiver: number;
  readonly apartM: number;
  /** Other ends both are linked with. */
  readonly common: number;
  /** By how much one antenna explains the levels better than two, micronats. */
  readonly likelierMicronats: number;
  readonly limitMicronats: number;
}

/** Who looks like whom is found again without those that looked alike before: the more of a gang is known, the plainer it is. */
const PASSES = 4;

/**
 * Hotspots that claim places far apart and are heard by the same ones, or hear the same ones, at the same levels up to one
 * constant: they share an antenna, or copy from one. Two hypotheses are compared over the common links: the differences
 * are one constant and fading; or each path has shadows of its own besides, as antennas kilometres apart have. A link's mean
 * over n receptions has 1/n of fading's variance, so few receptions say little and many much. Ends that look like
 * both are left out, for accomplices say of each other what they like, and of ends that look like one only the first
 * counts. That both hear much the same ones proves nothing in a dense city, and does not count. Of who hears them only trusted
 * hotspots' words count, by how loud and by how often; those who were there before are asked first, and nobody who came later
 * than one of a pair, so that strangers cannot make two honest ones look like one. Then groups are looked for that are plainer
 * together than any two of them are.
 */
export function findAlikeWitnessSets(
  book: LinkBook,
  trust: readonly number[],
  numbers: Pick<TrustNumbers, 'collusion' | 'trust'>,
  hearing: HearingCurve,
): Suspicion[] {
  const { twinWeakestDdbm } = numbers.collusion;
  const isTrusted = (radio: number): boolean => (trust[radio] ?? 0) >= numbers.trust.trustedFrom;
  const loud = (links: readonly HotspotLink[]) => links.filter((link) => isAtLeast(link, twinWeakestDdbm));
  const outward = book.heardBy.map((links) =>
    links.filter(({ receiver }) => isTrusted(receiver)).map((link) => heardEnd(link, book, hearing)),
  );
  const inward = book.heard.map((links) => loud(links).map((link) => endOf(link.sender, link, numbers.collusion)));
  const twins = findTwins(book, [outward, inward], numbers);
  return groupsOf(trust.length, twins).map((radios) => suspicionOf(radios, twins, numbers.collusion));
}

/** By levels and by how often it was heard: a trusted one leaves nothing out. Strong is what is heard more often than not. */
function heardEnd({ sender, receiver, lossDdb, statistic }: HotspotLink, book: LinkBook, hearing: HearingCurve): End {
  const { radios } = book.evidence;
  const chances = chancesOf(radios[sender] as Radio, radios[receiver] as Radio);
  const path = hearing.ofPath({ count: statistic.count, chances, meanLossDdb: lossDdb });
  return { end: receiver, ...path, isStrong: hearing.isMostlyHeard(path) };
}

/** By levels alone: who leaves out what it likes has any rate it likes. */
function endOf(end: number, link: HotspotLink, { fadingDdb, twinStrongDdbm }: Numbers): End {
  const varianceDdb2 = Math.max(1, Math.floor((fadingDdb * fadingDdb) / link.statistic.count));
  return { end, lossDdb: link.lossDdb, varianceDdb2, isStrong: isAtLeast(link, twinStrongDdbm) };
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
    above('one_antenna_likelier', plainest.likelierMicronats, plainest.limitMicronats, 'micronat'),
  ];
  return { code: 'witness_sets_alike', radios, checks: checks ?? [] };
}

/** Each pair and direction once, ascending. */
function findTwins(
  book: LinkBook,
  ends: readonly (readonly Ends[])[],
  { collusion }: Pick<TrustNumbers, 'collusion'>,
): Twins[] {
  const directions = ends.map((all) => commonEnds(all, collusion));
  const size = book.heard.length;
  const since = book.evidence.radios.map(({ fromEpoch }) => fromEpoch);
  let likeness = new Likeness(since, collusion);
  for (let pass = 1; pass < PASSES; pass++) {
    const next = new Likeness(since, collusion);
    for (const pairs of directions) {
      for (const [pair, common] of pairs) {
        const counted = independentEnds([Math.floor(pair / size), pair % size], common, likeness);
        next.note(pair, likelierOneAntenna(common, counted, collusion));
      }
    }
    likeness = next;
  }
  const pairs = directions.flatMap((known) =>
    [...known].flatMap(([pair, common]): Twins[] => {
      const [sender, receiver] = [Math.floor(pair / size), pair % size];
      if (!likeness.isLikelierOne(sender, receiver)) return [];
      const apartM = book.distanceBetween(sender, receiver);
      if (apartM === undefined || apartM < collusion.twinDistanceM) return [];
      const counted = independentEnds([sender, receiver], common, likeness);
      if (counted.length < collusion.twinLinks) return [];
      const likelierMicronats = likelierOneAntenna(common, counted, collusion);
      if (likelierMicronats <= collusion.twinMicronats) return [];
      const limitMicronats = collusion.twinMicronats;
      return [{ sender, receiver, apartM, common: counted.length, likelierMicronats, limitMicronats }];
    }),
  );
  const groups = ends.flatMap((all) => findAntennaGroups(all, likeness, collusion));
  return [...pairs, ...groups.flatMap((group) => twinsOf(group, book, collusion))];
}

/** Its members that claim places far enough from one of the others, each as a pair with that one. */
function twinsOf({ members, ...odds }: AntennaGroup, book: LinkBook, { twinDistanceM }: Numbers): Twins[] {
  return members.flatMap((member): Twins[] => {
    const apart = members.map((other) => ({ other, apartM: book.distanceBetween(member, other) ?? 0 }));
    const farthest = apart.reduce((far, one) => (one.apartM > far.apartM ? one : far));
    if (farthest.apartM < twinDistanceM) return [];
    const [sender, receiver] = [Math.min(member, farthest.other), Math.max(member, farthest.other)];
    return [{ sender, receiver, apartM: farthest.apartM, ...odds }];
  });
}

/** Places in `ends` that count for a pair: without those that look like both. */
function independentEnds(pair: readonly [number, number], { ends }: Common, likeness: Likeness): number[] {
  return likeness.independentOf(ends, pair, (end) => pair.every((radio) => likeness.isLikelierOne(end, radio)));
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
