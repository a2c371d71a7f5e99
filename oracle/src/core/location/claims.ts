import type { LocationNumbers } from '../ruleset/rule-set.ts';
import type { EvidenceIndex } from './evidence-index.ts';
import { gatherLinks, type PlaceEvidence } from './gather-links.ts';
import { wasProven } from './next-doubt.ts';

/** Where a hotspot says it is, the links it has, and how much must speak against it. */
export interface Claim {
  readonly subject: number;
  readonly cell: bigint;
  readonly evidence: PlaceEvidence;
  /** It has never been proven and has come among others who are. */
  readonly isNew: boolean;
  /** The likelihood gap from which on the place is in doubt, micronats: the more is known in its favour the more. */
  readonly limitMicronats: number;
}

type Numbers = Pick<LocationNumbers, 'area' | 'location' | 'propagation'>;

/** The claims of all hotspots that have a place, by number. */
export function claimsOf(index: EvidenceIndex, numbers: Numbers): Claim[] {
  const { doubtMicronats, newcomerDoubtMicronats, provenDoubtMicronats } = numbers.location;
  return index.evidence.radios.flatMap(({ cell, kind }, subject): Claim[] => {
    if (kind !== 'hotspot' || cell === undefined) return [];
    const evidence = gatherLinks(subject, index, numbers);
    const isNew = isNewAmong(evidence.witnesses, subject, index, numbers.location);
    const isKnown = index.radio(subject).anchor || wasProven(index.standing(subject));
    const limitMicronats = isKnown
      ? provenDoubtMicronats
      : isNew && !areEldersShaken(subject, cell, index, numbers)
        ? newcomerDoubtMicronats
        : doubtMicronats;
    return [{ subject, cell, evidence, isNew, limitMicronats }];
  });
}

/** Many about it that were there before it had proven places and are in doubt now: what the others say is less sure than it was. */
function areEldersShaken(subject: number, cell: bigint, index: EvidenceIndex, { area, location }: Numbers): boolean {
  const { fromEpoch } = index.radio(subject);
  const elders = index.nearest(cell, area.askedOthers, (i) => index.radio(i).fromEpoch < fromEpoch);
  const shaken = elders.filter((i) => index.standing(i).doubt?.ofProven);
  return 100 * shaken.length > location.shakenPercent * elders.length;
}

/** Enough witnesses were there before it and have proven places. Those who begin together are not new; an audited one is known. */
function isNewAmong(
  witnesses: readonly number[],
  subject: number,
  index: EvidenceIndex,
  location: LocationNumbers['location'],
): boolean {
  const { anchor, fromEpoch } = index.radio(subject);
  if (anchor || index.standing(subject).grace.over) return false;
  const elders = witnesses.filter((i) => {
    return index.radio(i).kind === 'hotspot' && index.isProven(i) && index.radio(i).fromEpoch < fromEpoch;
  });
  return elders.length >= location.minWitnesses;
}
