import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';
import type { LinkBook } from './link-book.ts';

/**
 * The hotspots that are not trusted, in groups of those that hear each other, directly or over others of the group: each
 * ascending, by their first. Hotspots on their own are no group.
 */
export function untrustedGroups(
  book: LinkBook,
  trust: readonly number[],
  numbers: Pick<TrustNumbers, 'trust'>,
): number[][] {
  const isTrusted = (radio: number): boolean => (trust[radio] ?? 0) >= numbers.trust.trustedFrom;
  return groupsOf(
    trust.length,
    book.links.filter(({ sender, receiver }) => !isTrusted(sender) && !isTrusted(receiver)),
  );
}

/** Connected groups of at least two of `size` numbered things: each ascending, by their first. */
export function groupsOf(
  size: number,
  links: readonly { readonly sender: number; readonly receiver: number }[],
): number[][] {
  const leaders = Int32Array.from({ length: size }, (_, i) => i);
  const leaderOf = (start: number): number => {
    let at = start;
    while (leaders[at] !== at) {
      leaders[at] = leaders[leaders[at] as number] as number;
      at = leaders[at] as number;
    }
    return at;
  };
  for (const { sender, receiver } of links) {
    const [a, b] = [leaderOf(sender), leaderOf(receiver)];
    leaders[Math.max(a, b)] = Math.min(a, b);
  }
  const groups = new Map<number, number[]>();
  for (let i = 0; i < size; i++) {
    const leader = leaderOf(i);
    const group = groups.get(leader) ?? [];
    group.push(i);
    groups.set(leader, group);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}
