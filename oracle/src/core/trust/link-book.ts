import { findCellCentre } from '../geometry/cell.ts';
import type { CellCache } from '../geometry/cell-cache.ts';
import { distanceM } from '../geometry/distance.ts';
import type { LinkStatistic, NetworkEvidence } from '../location/evidence.ts';
import { divideRounded } from '../numeric/integers.ts';

/** A link between two hotspots at the places they claim. */
export interface HotspotLink {
  readonly sender: number;
  readonly receiver: number;
  readonly statistic: LinkStatistic;
  /** The mean over its receptions, ddB. */
  readonly lossDdb: number;
  /** Between the claimed cells' centres. */
  readonly distanceM: number;
}

/** What the collusion checks read: the links between hotspots, by either end, and distances. */
export interface LinkBook {
  readonly evidence: NetworkEvidence;
  readonly links: readonly HotspotLink[];
  /** By radio: the links it reported. By sender. */
  readonly heard: readonly (readonly HotspotLink[])[];
  /** By radio: the links others reported of it. By receiver. */
  readonly heardBy: readonly (readonly HotspotLink[])[];
  /** Between two claimed cells' centres; undefined where one of the radios claims none. */
  readonly distanceBetween: (a: number, b: number) => number | undefined;
}

/** Sorts the window's links between hotspots. A link from a cell the sender has left since is not looked at. */
export function openLinkBook(evidence: NetworkEvidence, cells: CellCache): LinkBook {
  const { radios } = evidence;
  const centres = radios.map(({ kind, cell }) =>
    kind === 'hotspot' && cell !== undefined ? findCellCentre(cell, cells) : undefined,
  );
  const heard: HotspotLink[][] = radios.map(() => []);
  const heardBy: HotspotLink[][] = radios.map(() => []);
  const links: HotspotLink[] = [];
  for (const statistic of evidence.links) {
    const { sender, receiver, senderCell, count, sumLossDdb } = statistic;
    const [from, to] = [centres[sender], centres[receiver]];
    if (!from || !to || radios[sender]?.cell !== senderCell) continue;
    const lossDdb = divideRounded(sumLossDdb, count);
    const link = { sender, receiver, statistic, lossDdb, distanceM: Math.max(1, distanceM(from, to)) };
    links.push(link);
    heard[receiver]?.push(link);
    heardBy[sender]?.push(link);
  }
  const distanceBetween = (a: number, b: number): number | undefined => {
    const [from, to] = [centres[a], centres[b]];
    return from && to && distanceM(from, to);
  };
  return { evidence, links, heard, heardBy, distanceBetween };
}

/** Whose word a link is. */
type Witness = (link: HotspotLink) => number;

/**
 * Those of a radio's links whose other end was there before it, if they are enough; otherwise those whose other end came no later.
 * Accomplices who come together hear each other in truth, but who was there before is none of them.
 */
export function linksWithElders(
  radio: number,
  links: readonly HotspotLink[],
  book: LinkBook,
  enough: number,
): readonly HotspotLink[] {
  return eldersOrPeers(radio, links, { book, enough, witnessOf: otherThan(radio) });
}

/** The same of links a radio has no part in, by who heard. */
export function heardByElders(
  radio: number,
  links: readonly HotspotLink[],
  book: LinkBook,
  enough: number,
): readonly HotspotLink[] {
  return eldersOrPeers(radio, links, { book, enough, witnessOf: ({ receiver }) => receiver });
}

/** Without those whose other end came later: however many come, they say nothing against those who were there. */
export function linksNotLater(radio: number, links: readonly HotspotLink[], book: LinkBook): readonly HotspotLink[] {
  return eldersOrPeers(radio, links, { book, enough: Number.POSITIVE_INFINITY, witnessOf: otherThan(radio) });
}

function eldersOrPeers(
  radio: number,
  links: readonly HotspotLink[],
  { book, enough, witnessOf }: { readonly book: LinkBook; readonly enough: number; readonly witnessOf: Witness },
): readonly HotspotLink[] {
  const sinceOf = (i: number): number => book.evidence.radios[i]?.fromEpoch ?? 0;
  const notLater = links.filter((link) => sinceOf(witnessOf(link)) <= sinceOf(radio));
  const elders = notLater.filter((link) => sinceOf(witnessOf(link)) < sinceOf(radio));
  return elders.length >= enough ? elders : notLater;
}

const otherThan =
  (radio: number): Witness =>
  ({ sender, receiver }) =>
    sender === radio ? receiver : sender;

/** Its mean reported power is at least that much. */
export function isAtLeast({ statistic }: HotspotLink, powerDdbm: number): boolean {
  return statistic.steps.sumY >= powerDdbm * statistic.count;
}
