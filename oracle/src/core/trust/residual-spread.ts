import { tenLog10Udb } from '../numeric/log10.ts';
import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';
import { spreadAroundLine } from './line-fit.ts';
import { type HotspotLink, isAtLeast, type LinkBook, linksNotLater } from './link-book.ts';
import { below, restingOn, type Suspicion } from './suspicion.ts';
import { groupsOf, untrustedGroups } from './untrusted-groups.ts';

const UDB_PER_DDB = 100_000;

/**
 * Levels that follow distance too well. The path losses a hotspot reports, and those within a group of hotspots that only
 * know each other, are laid on their best straight line over the logarithm of the claimed distance. Free space, any
 * log-distance formula and an attenuator room leave less than 2 dB around it; no measured place does. Weak links are left
 * out: whatever is heard just above the noise has one level. Of keys that seem to share one antenna a hotspot's links
 * with one count alone: it cannot help that they have one level, nor that those who come later have.
 */
export function findNarrowResiduals(
  book: LinkBook,
  { trust, alike }: { readonly trust: readonly number[]; readonly alike: readonly Pick<Suspicion, 'radios'>[] },
  numbers: Pick<TrustNumbers, 'collusion' | 'trust'>,
): Suspicion[] {
  const antennaOf = groupsOf(
    trust.length,
    alike.flatMap(({ radios: [first = 0, ...others] }) => others.map((other) => ({ sender: first, receiver: other }))),
  ).reduce((known, [first = 0, ...others]) => {
    for (const other of others) known.set(other, first);
    return known;
  }, new Map<number, number>());
  const single = book.heard.flatMap((links, radio) => {
    const seen = new Set<number>();
    const independent = linksNotLater(radio, links, book).filter(({ sender }) => {
      const antenna = antennaOf.get(sender) ?? sender;
      return !seen.has(antenna) && seen.add(antenna);
    });
    return suspicionOf([radio], independent, numbers);
  });
  const groups = untrustedGroups(book, trust, numbers).flatMap((group) => {
    const members = new Set(group);
    const within = group.flatMap((radio) => book.heard[radio] ?? []).filter(({ sender }) => members.has(sender));
    return suspicionOf(group, within, numbers);
  });
  return [...single, ...groups];
}

function suspicionOf(
  radios: readonly number[],
  links: readonly HotspotLink[],
  { collusion }: Pick<TrustNumbers, 'collusion'>,
): Suspicion[] {
  const strong = links.filter((link) => isAtLeast(link, collusion.spreadStrongDdbm));
  if (strong.length < collusion.spreadLinks) return [];
  const points = strong.map(({ distanceM, lossDdb }) => ({
    x: Math.floor(tenLog10Udb(distanceM) / UDB_PER_DDB),
    y: lossDdb,
  }));
  const spread = spreadAroundLine(points);
  if (spread === undefined || spread >= collusion.spreadDdb) return [];
  const checks = [
    restingOn('residual_links', strong.length, collusion.spreadLinks),
    below('residual_spread', spread, collusion.spreadDdb, 'ddB'),
  ];
  return [{ code: 'residual_spread_narrow', radios, checks }];
}
