import { lowerMedian } from '../numeric/integers.ts';
import type { LocationNumbers } from '../ruleset/rule-set.ts';
import { FULL_TRUST } from './evidence.ts';
import type { EvidenceIndex } from './evidence-index.ts';
import type { PlaceEvidence, PlaceLink } from './gather-links.ts';
import { gatherPairs, type PairEvidence, type PairModules } from './gather-pairs.ts';
import { explain, type PlaceModel } from './place-likelihood.ts';
import type { LawNumbers } from './propagation-model.ts';
import { type PlaceAnswer, type PlaceQuestion, searchPlaces } from './search-places.ts';

/** How one link speaks for the likeliest place or for the claim. */
export interface WeighingLink {
  readonly other: number;
  readonly otherKey: Uint8Array;
  readonly otherCell: bigint;
  readonly kind: PlaceLink['kind'];
  /** Mean loss, less what the other one is known to lose; of silence the least that explains it. */
  readonly lossDdb: number;
  /** What the model expects if the claim is true. */
  readonly expectedLossDdb: number;
  /** In 1/10,000. */
  readonly weight: number;
  /** Positive: it speaks against the claim. Micronats, weighed. */
  readonly againstMicronats: number;
}

export interface WeighingModules extends PairModules {
  /** The gap from which on a place is in doubt, micronats. */
  readonly limitMicronats: number;
  /** The newest parts of the window, the shortest first. */
  readonly recent: readonly PairEvidence[];
  /** For where an area has no law of its own. */
  readonly prior: PlaceModel;
  readonly numbers: LocationNumbers;
}

/** Links shown with a verdict. */
const SHOWN_LINKS = 14;

/** What some links say about a claim. */
export interface WeighedClaim extends Omit<PlaceAnswer, 'byHillLaw'> {
  /** Of the area; absent where it has none. */
  readonly law?: LawNumbers;
  /** Those that weigh most, first. */
  readonly links: readonly WeighingLink[];
}

/**
 * By the law of the area, or of Brno where it has none. By the whole window, and by its newest parts alone if one speaks against
 * the claim: what was heard before a hotspot was carried away would speak for it for weeks.
 */
export function weighClaim(
  subject: number,
  claim: PlaceQuestion['claim'],
  evidence: PlaceEvidence,
  modules: WeighingModules,
): WeighedClaim {
  const { limitMicronats, prior, recent } = modules;
  for (const part of recent) {
    const newest = gatherPairs(subject, { ...modules, ...part });
    const answer = newest && answerOf(subject, claim, newest, modules);
    if (newest && answer && answer.gapMicronats > limitMicronats) {
      return weighed(claim, newest, answer, modules);
    }
  }
  const whole = gatherPairs(subject, modules) ?? { links: evidence.links, model: prior };
  return weighed(claim, whole, answerOf(subject, claim, whole, modules), modules);
}

/** Links with the model that says how likely they are. */
interface ModelledLinks {
  readonly links: readonly PlaceLink[];
  readonly law?: LawNumbers;
  readonly model: PlaceModel;
}

function answerOf(
  subject: number,
  claim: PlaceQuestion['claim'],
  { links, model }: ModelledLinks,
  { index, numbers }: WeighingModules,
): PlaceAnswer {
  const heard = links.filter(({ kind }) => kind !== 'silent');
  if (heard.length === 0) return { gapMicronats: 0, likeliest: claim, region: [], byHillLaw: false };
  const around = heard.map(({ otherCell }) => otherCell);
  const onHill = isOnHill(subject, heard, index, numbers);
  return searchPlaces({ claim, observations: links, around, onHill }, { grid: index.grid, model }, numbers);
}

/** Its antenna stands that much higher than half of those it is linked with, as both sides assert. */
function isOnHill(
  subject: number,
  links: readonly PlaceLink[],
  index: EvidenceIndex,
  { propagation }: LocationNumbers,
): boolean {
  const { altitudeM } = index.radio(subject);
  const others = links.flatMap(({ other }) => index.radio(other).altitudeM ?? []);
  const median = lowerMedian(others);
  return altitudeM !== undefined && median !== undefined && altitudeM - median >= propagation.hillRiseM;
}

function weighed(
  claim: PlaceQuestion['claim'],
  { links, law, model }: ModelledLinks,
  { byHillLaw, ...answer }: PlaceAnswer,
  { index }: WeighingModules,
): WeighedClaim {
  const all = links.map((link): WeighingLink => {
    const { other, otherCell, kind, lossDdb, weight } = link;
    const ofClaim = byHillLaw ? model.hillLawFor(link) : model.lawFor(link);
    const { expectedLossDdb, micronats } = explain(claim, link, ofClaim);
    const against = explain(answer.likeliest, link, model.lawFor(link)).micronats - micronats;
    const otherKey = index.radio(other).key;
    const againstMicronats = Math.floor((weight * against) / FULL_TRUST);
    return { other, otherKey, otherCell, kind, lossDdb, expectedLossDdb, weight, againstMicronats };
  });
  all.sort(
    (a, b) =>
      Math.abs(b.againstMicronats) - Math.abs(a.againstMicronats) ||
      a.other - b.other ||
      (a.otherCell === b.otherCell ? KIND_ORDER[a.kind] - KIND_ORDER[b.kind] : a.otherCell < b.otherCell ? -1 : 1),
  );
  return { ...answer, ...(law ? { law } : {}), links: all.slice(0, SHOWN_LINKS) };
}

const KIND_ORDER = { sent: 0, heard: 1, silent: 2 } as const;
