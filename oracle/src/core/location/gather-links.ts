import { divideRounded } from '../numeric/integers.ts';
import type { LocationNumbers } from '../ruleset/rule-set.ts';
import { FULL_TRUST, type LinkStatistic } from './evidence.ts';
import type { EvidenceIndex } from './evidence-index.ts';
import { tempered, weighByHearing } from './link-weights.ts';
import type { Observation } from './place-likelihood.ts';

/** One link, or silence, with whom it is. */
export interface PlaceLink extends Observation {
  /** Number of the radio at the other end. */
  readonly other: number;
  readonly otherCell: bigint;
  /** Receptions; of silence 0. */
  readonly count: number;
}

export interface PlaceEvidence {
  readonly links: readonly PlaceLink[];
  /** Numbers of the independent witnesses that are trusted at all, ascending. */
  readonly witnesses: readonly number[];
  /** In how many different cells there are witnesses, trusted or not. */
  readonly witnessCells: number;
  /** What they weigh together: of each cell its weightiest, in 1/10,000. */
  readonly witnessWeight: number;
}

/** Somebody at the other end: a hotspot, or a survey device in one part of town. */
interface Other {
  readonly radio: number;
  /** At the resolution that makes witnesses different. */
  readonly cell: bigint;
  /** As a witness, and of the levels of its links, in 1/10,000. */
  readonly weight: number;
  readonly isProven: boolean;
  readonly sent: LinkStatistic[];
  readonly heard: LinkStatistic[];
}

type Numbers = Pick<LocationNumbers, 'location' | 'propagation'>;

/**
 * What is known about the place of a hotspot. Each other end is one observation, whatever the number of receptions: its mean
 * loss. Two directions of one link have one shadow, and so have the cells a survey device drove through on one square
 * kilometre: they share the other end's weight. All of one device share one antenna, and weigh no more than a few links. The
 * more often a link was heard the more it weighs.
 */
export function gatherLinks(subject: number, index: EvidenceIndex, numbers: Numbers): PlaceEvidence {
  const { location } = numbers;
  const others = mostTrusted(othersOf(subject, index), index, location.maxOthers);
  const parts = deviceParts(others, index);
  const levelWeight = levelWeights(others, location);
  const links = others
    .filter(({ weight }) => weight > 0)
    .map((other) => ({ ...other, weight: levelWeight(other) }))
    .flatMap((other) => observationsOf(other, index, parts.get(other.radio) ?? 1, location));
  const all = [...weighByHearing(links, location), ...silences(subject, index, numbers)];
  return { links: tempered(all, location), ...countWitnesses(others, index, location) };
}

function othersOf(subject: number, index: EvidenceIndex): Other[] {
  const { owner } = index.radio(subject);
  const others = new Map<number, Other>();
  const otherAt = (radio: number, cell: bigint | undefined): Other | undefined => {
    if (cell === undefined || radio === subject || index.radio(radio).owner === owner) return undefined;
    const part = index.partOf(radio, cell);
    let other = others.get(part.number);
    if (!other) {
      other = {
        radio,
        cell: part.cell,
        weight: index.weight(radio),
        isProven: index.isProven(radio),
        sent: [],
        heard: [],
      };
      others.set(part.number, other);
    }
    return other;
  };
  for (const link of index.sentBy(subject)) otherAt(link.receiver, index.radio(link.receiver).cell)?.sent.push(link);
  for (const link of index.heardBy(subject)) otherAt(link.sender, link.senderCell)?.heard.push(link);
  return [...others.values()];
}

/**
 * The most trusted: so many hotspots, and so many parts of town. A survey device is heard from dozens of places and is always
 * trusted; it must not take the places of hotspots that are trusted a little less, which are what makes witnesses many.
 */
function mostTrusted(others: readonly Other[], index: EvidenceIndex, limit: number): Other[] {
  const sorted = [...others].sort((a, b) => index.byTrust(a.radio, b.radio) || (a.cell < b.cell ? -1 : 1));
  let [hotspots, parts] = [0, 0];
  return sorted.filter(({ radio }) =>
    index.radio(radio).kind === 'survey_device' ? parts++ < limit : hotspots++ < limit,
  );
}

/**
 * What levels weigh: less where the other end's own place is not proven, if enough are. Liars who come together vouch for each
 * other's places; those who were there before are asked first.
 */
function levelWeights(others: readonly Other[], location: LocationNumbers['location']): (other: Other) => number {
  const proven = others.filter(({ isProven, weight }) => isProven && weight > 0);
  if (new Set(proven.map(({ cell }) => cell)).size < location.minWitnesses) return ({ weight }) => weight;
  return ({ isProven, weight }) => (isProven ? weight : Math.floor((weight * location.unprovenWeight) / FULL_TRUST));
}

/** In how many parts of town each survey device was heard. */
function deviceParts(others: readonly Other[], index: EvidenceIndex): Map<number, number> {
  const parts = new Map<number, number>();
  for (const { radio } of others) {
    if (index.radio(radio).kind === 'survey_device') parts.set(radio, (parts.get(radio) ?? 0) + 1);
  }
  return parts;
}

function observationsOf(
  { radio, weight, sent, heard }: Other,
  index: EvidenceIndex,
  parts: number,
  { linksOfDevice }: LocationNumbers['location'],
): PlaceLink[] {
  const whole = parts > linksOfDevice ? Math.floor((weight * linksOfDevice) / parts) : weight;
  const shared = Math.floor(whole / (sent.length + heard.length));
  const intercept = index.standing(radio).interceptDdb;
  const linkOf = (link: LinkStatistic, kind: 'sent' | 'heard'): PlaceLink => {
    const otherCell = kind === 'sent' ? (index.radio(radio).cell as bigint) : link.senderCell;
    const meanDdb = divideRounded(link.sumLossDdb, link.count);
    const known = kind === 'heard' || intercept !== undefined;
    const lossDdb = kind === 'heard' ? meanDdb : meanDdb + (intercept ?? 0);
    const { x, y, z } = index.pointOf(otherCell);
    return { x, y, z, other: radio, otherCell, kind, lossDdb, known, weight: shared, count: link.count };
  };
  return [...sent.map((link) => linkOf(link, 'sent')), ...heard.map((link) => linkOf(link, 'heard'))];
}

/** The nearest hotspots that could have heard it, listened all the while and never did. */
function silences(subject: number, index: EvidenceIndex, { location, propagation }: Numbers): PlaceLink[] {
  const { cell, owner, transmissions } = index.radio(subject);
  if (cell === undefined || transmissions < location.silenceTransmissions) return [];
  const hearing = new Set(index.sentBy(subject).map(({ receiver }) => receiver));
  const silent = index.nearest(cell, location.silentReceivers, (i) => {
    if (i === subject || hearing.has(i) || index.weight(i) === 0 || index.areTooNear(i, subject)) return false;
    const radio = index.radio(i);
    return radio.owner !== owner && radio.onlineRounds >= location.silenceRounds;
  });
  return silent.map((other) => {
    const otherCell = index.radio(other).cell as bigint;
    const intercept = index.standing(other).interceptDdb;
    return {
      ...index.pointOf(otherCell),
      other,
      otherCell,
      kind: 'silent' as const,
      lossDdb: propagation.hearingLossDdb + (intercept ?? 0),
      known: intercept !== undefined,
      count: 0,
      weight: Math.floor((index.weight(other) * location.silenceWeight) / FULL_TRUST),
    };
  });
}

/** One witness a cell, the weightiest; a survey device stands for a few cells at most. `others` the weightiest first. */
function countWitnesses(others: readonly Other[], index: EvidenceIndex, location: LocationNumbers['location']) {
  const cells = new Set<bigint>();
  const cellsOfRadio = new Map<number, number>();
  let witnessWeight = 0;
  for (const { radio, cell, weight } of others) {
    const standsFor = cellsOfRadio.get(radio) ?? 0;
    const limit = index.radio(radio).kind === 'survey_device' ? location.witnessesOfDevice : 1;
    if (cells.has(cell) || standsFor >= limit) continue;
    cells.add(cell);
    cellsOfRadio.set(radio, standsFor + 1);
    witnessWeight += weight;
  }
  const witnesses = [...cellsOfRadio.keys()].filter((radio) => index.weight(radio) > 0).sort((a, b) => a - b);
  return { witnesses, witnessCells: cells.size, witnessWeight };
}
