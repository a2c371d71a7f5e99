import type { LocationNumbers } from '../ruleset/rule-set.ts';
import type { Area, AreaLaws } from './area-laws.ts';
import { FULL_TRUST } from './evidence.ts';
import type { EvidenceIndex } from './evidence-index.ts';
import type { PlaceLink } from './gather-links.ts';
import type { HearingCurve } from './hearing-curve.ts';
import type { PairBook } from './pair-book.ts';
import type { PlaceModel } from './place-likelihood.ts';
import type { LawNumbers } from './propagation-model.ts';

/** What is known about pairs, of the window or a part of it. */
export interface PairEvidence {
  readonly index: EvidenceIndex;
  readonly pairs: PairBook;
}

export interface PairModules extends PairEvidence {
  /** Those who are not asked: gone astray, or more in doubt themselves. */
  readonly without: ReadonlySet<number>;
  readonly hearing: HearingCurve;
  readonly areas: AreaLaws;
  readonly numbers: Pick<LocationNumbers, 'area' | 'location'>;
}

/**
 * What the other hotspots of its area know about the place of a hotspot, under the area's own law: how often each of them and
 * it heard each other, out of how many times, and how loud. Undefined where too few proven ones are linked with it, or the area
 * has no law.
 */
export function gatherPairs(
  subject: number,
  modules: PairModules,
): { readonly links: readonly PlaceLink[]; readonly law: LawNumbers; readonly model: PlaceModel } | undefined {
  const { index, areas, numbers } = modules;
  const all = linkedWith(subject, modules);
  const isAsked = whomToAsk(subject, all, modules);
  const linked = all.filter(isAsked);
  const proven = linked.filter((i) => index.isProven(i));
  if (proven.length < numbers.area.linkedOthers) return undefined;
  const area = areas.areaOf(proven);
  if (!area) return undefined;
  const mostTrusted = linked.sort((a, b) => index.byTrust(a, b)).slice(0, numbers.area.askedOthers);
  const others = [...mostTrusted, ...silentAround(subject, { linked: new Set(all), isAsked }, modules)];
  const hearing = new Set(index.sentBy(subject).map(({ receiver }) => receiver));
  const links = others.map((other): PlaceLink => {
    const estimate = estimateOf(subject, other, area, modules);
    return { ...estimate, kind: estimate.count === 0 ? 'silent' : hearing.has(other) ? 'sent' : 'heard' };
  });
  return { law: area.law, model: area.model, links };
}

/** Hotspots of other owners that count at all, heard or hearing. */
function linkedWith(subject: number, { index, without }: PairModules): number[] {
  const { owner } = index.radio(subject);
  const ends = [
    ...index.sentBy(subject).map(({ receiver }) => receiver),
    ...index.heardBy(subject).map(({ sender }) => sender),
  ];
  return [...new Set(ends)].filter((i) => {
    if (index.radio(i).kind !== 'hotspot' || index.radio(i).owner === owner) return false;
    return index.weight(i) > 0 && !without.has(i);
  });
}

/**
 * Those who were there before it, if enough of them are linked with it and proven; otherwise those who came no later; otherwise all.
 * Liars who come together vouch for each other, and however many come later, they say nothing against who was there.
 */
function whomToAsk(
  subject: number,
  linked: readonly number[],
  { index, numbers }: PairModules,
): (i: number) => boolean {
  const since = (i: number): number => index.radio(i).fromEpoch;
  const isElder = (i: number): boolean => since(i) < since(subject);
  const isNotLater = (i: number): boolean => since(i) <= since(subject);
  const proven = linked.filter((i) => index.isProven(i));
  const enough = [isElder, isNotLater].find((isAsked) => proven.filter(isAsked).length >= numbers.area.linkedOthers);
  return enough ?? (() => true);
}

/** The nearest proven ones it could have a link with and has none. */
function silentAround(
  subject: number,
  { linked, isAsked }: { readonly linked: ReadonlySet<number>; readonly isAsked: (i: number) => boolean },
  { index, numbers, without }: PairModules,
): number[] {
  const { cell, owner } = index.radio(subject);
  return index.nearest(cell as bigint, numbers.area.silentOthers, (i) => {
    if (i === subject || linked.has(i) || without.has(i) || index.radio(i).owner === owner) return false;
    return isAsked(i) && index.weight(i) > 0 && index.isProven(i) && !index.areTooNear(i, subject);
  });
}

/** What a pair's receptions say, less what is lost at the other one. */
function estimateOf(
  subject: number,
  other: number,
  area: Area,
  { index, pairs, hearing, numbers }: PairModules,
): Omit<PlaceLink, 'kind'> {
  const heard = pairs.hearingOf(subject, other);
  const { lossDdb, spreadDdb } = hearing.estimate(heard);
  const otherCell = index.radio(other).cell as bigint;
  const weight = index.weight(other);
  return {
    ...index.pointOf(otherCell),
    other,
    otherCell,
    lossDdb: lossDdb - area.offsetDdb(other, subject),
    spreadDdb,
    known: true,
    count: heard.count,
    weight: index.isProven(other) ? weight : Math.floor((weight * numbers.location.unprovenWeight) / FULL_TRUST),
  };
}
