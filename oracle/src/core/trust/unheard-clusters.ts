import { lowerMedian } from '../numeric/integers.ts';
import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';
import type { LinkBook } from './link-book.ts';
import { below, restingOn, type Suspicion } from './suspicion.ts';
import { groupsOf } from './untrusted-groups.ts';

/** A hotspot its own kind hears far away, and the trusted ones near its claimed place never. */
interface Unheard {
  /** The median distance over which those that are not trusted say they hear it, m. */
  readonly reachM: number;
  /** Trusted hotspots that listen within half of that. */
  readonly neighbours: number;
}

/**
 * Groups whose members hear each other over distances at which the trusted hotspots around them hear none of them. A
 * trusted hotspot is asked only within half the distance its accomplices claim, where it would hear more often than not;
 * when each of at least eight is silent, and that for at least three members that hear each other, nothing was sent there.
 */
export function findUnheardClusters(
  book: LinkBook,
  trust: readonly number[],
  numbers: Pick<TrustNumbers, 'collusion' | 'trust'>,
): Suspicion[] {
  const { collusion } = numbers;
  const trusted = new Set(trust.flatMap((value, radio) => (value >= numbers.trust.trustedFrom ? [radio] : [])));
  const unheard = new Map<number, Unheard>();
  book.heardBy.forEach((_, radio) => {
    const found = findUnheard(book, radio, trusted, collusion);
    if (found) unheard.set(radio, found);
  });
  const within = book.links.filter(({ sender, receiver }) => unheard.has(sender) && unheard.has(receiver));
  return groupsOf(trust.length, within).flatMap((radios): Suspicion[] => {
    if (radios.length < collusion.unheardMembers) return [];
    const members = radios.flatMap((radio) => unheard.get(radio) ?? []);
    const reach = Math.min(...members.map(({ reachM }) => reachM));
    const neighbours = Math.min(...members.map((member) => member.neighbours));
    const checks = [
      restingOn('unheard_members', radios.length, collusion.unheardMembers),
      restingOn('trusted_in_reach', neighbours, collusion.unheardNeighbours),
      { check: 'claimed_reach', observed: reach, unit: 'm' } as const,
      below('trusted_that_hear', 0, 1, 'count'),
    ];
    return [{ code: 'unheard_cluster', radios, checks }];
  });
}

function findUnheard(
  book: LinkBook,
  radio: number,
  trusted: ReadonlySet<number>,
  numbers: TrustNumbers['collusion'],
): Unheard | undefined {
  const { radios } = book.evidence;
  const [own, peers] = [radios[radio], book.heardBy[radio] ?? []];
  if (!own || own.transmissions < numbers.unheardTransmissions || peers.length < numbers.unheardPeers) return undefined;
  if (peers.some(({ receiver }) => trusted.has(receiver))) return undefined;
  const reachM = lowerMedian(peers.map(({ distanceM }) => distanceM)) ?? 0;
  let neighbours = 0;
  for (const other of trusted) {
    const listener = radios[other];
    const apartM = book.distanceBetween(radio, other);
    if (!listener || listener.owner === own.owner || listener.onlineRounds < numbers.unheardTransmissions) continue;
    if (apartM !== undefined && apartM >= numbers.unheardNearestM && 2 * apartM <= reachM) neighbours++;
  }
  return neighbours < numbers.unheardNeighbours ? undefined : { reachM, neighbours };
}
