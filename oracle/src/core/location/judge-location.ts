import type { Check, Outcome, Reason } from '@sextant/firmware-bridge/protocol';
import { atLeast, atMost, type CheckResult, firstRefusal, type RuleCheck } from '../rules/check-result.ts';
import { OUTCOME_OF_REASON } from '../rules/verdict-of.ts';
import type { LocationNumbers } from '../ruleset/rule-set.ts';
import type { Claim } from './claims.ts';
import type { Doubt } from './evidence.ts';
import type { EvidenceIndex } from './evidence-index.ts';
import type { PlaceEvidence } from './gather-links.ts';
import { nextDoubt } from './next-doubt.ts';
import type { LawNumbers } from './propagation-model.ts';
import type { WeighedClaim, WeighingLink } from './weigh-claim.ts';

/** What the links of a hotspot say about its asserted cell. */
export interface LocationVerdict {
  /** Number in the evidence. */
  readonly radio: number;
  readonly key: Uint8Array;
  /** As asserted. */
  readonly cell: bigint;
  readonly outcome: Outcome;
  readonly reason: Reason;
  readonly checks: readonly Check[];
  /** By how much the likeliest place is likelier than the claim and what lies within some 1 km of it, micronats. */
  readonly gapMicronats: number;
  /** Of resolution 8, or the claim where nothing is likelier; absent without any link. */
  readonly likeliestCell?: bigint;
  /** Holds the place with 95 %: up to 64 cells of one resolution, 4 … 7, ascending. Empty without any link. */
  readonly region: readonly bigint[];
  /** Numbers of the independent witnesses, ascending. */
  readonly witnesses: readonly number[];
  /** Those that weigh most, first. */
  readonly links: readonly WeighingLink[];
  /** Of its area, by which the links were weighed; absent where too few are proven there to tell. */
  readonly law?: LawNumbers;
}

export interface LocationJudgement {
  readonly verdict: LocationVerdict;
  readonly doubt: Doubt | undefined;
}

interface LocationInputs {
  readonly evidence: PlaceEvidence;
  readonly gapMicronats: number;
  readonly limitMicronats: number;
  readonly doubt: Doubt | undefined;
  /** For how many whole epochs the place has been watched; undefined where that does not matter. */
  readonly watchedEpochs: number | undefined;
  readonly location: LocationNumbers['location'];
}

/** Judges where a hotspot says it is. */
export function judgeLocation(
  { subject, cell, evidence, isNew, limitMicronats }: Claim,
  weighed: WeighedClaim,
  index: EvidenceIndex,
  { location }: Pick<LocationNumbers, 'location'>,
): LocationJudgement {
  const { gapMicronats, law, likeliest, links, region } = weighed;
  const isEnough =
    evidence.witnessCells >= location.minWitnesses && evidence.witnessWeight >= location.independentWitnesses;
  const before = index.standing(subject);
  const keys = evidence.witnesses.map((i) => index.radio(i).key);
  const doubt = isEnough ? nextDoubt(before, gapMicronats > limitMicronats, keys) : before.doubt;

  const checks: Check[] = [];
  const watchedEpochs = isNew ? index.evidence.epoch - index.radio(subject).fromEpoch : undefined;
  const inputs = { evidence, gapMicronats, limitMicronats, doubt, watchedEpochs, location };
  const reason = firstRefusal(LOCATION_CHECKS, inputs, checks) ?? 'none';
  const verdict = {
    radio: subject,
    key: index.radio(subject).key,
    cell,
    outcome: reason === 'none' ? 'valid' : OUTCOME_OF_REASON[reason],
    reason,
    checks,
    gapMicronats,
    ...(region.length === 0 ? {} : { likeliestCell: likeliest.cell }),
    region,
    witnesses: evidence.witnesses,
    links,
    ...(law ? { law } : {}),
  } as const;
  return { verdict, doubt };
}

/** A doubt comes before what is missing: falling silent does not end it. */
const LOCATION_CHECKS: readonly RuleCheck<LocationInputs>[] = [
  checkDoubtfulEpochs,
  checkPlaceInDoubt,
  checkWitnessCells,
  checkWitnessWeight,
  checkWatched,
];

/** In so few epochs did new independent witnesses speak against the place that nobody is accused yet. */
function checkDoubtfulEpochs({ doubt, location }: LocationInputs): CheckResult | undefined {
  if (!doubt) return undefined;
  const observed = {
    check: 'doubtful_epochs',
    reason: 'location_refuted',
    observed: doubt.epochs,
    unit: 'epoch',
  } as const;
  return atMost(observed, location.accusedEpochs - 1);
}

/** No other place explains the links better than the claim by more than honest shadowing does. */
function checkPlaceInDoubt({ doubt, gapMicronats, limitMicronats }: LocationInputs): CheckResult {
  const observed = {
    check: 'likelihood_gap',
    reason: 'location_doubted',
    observed: gapMicronats,
    unit: 'micronat',
  } as const;
  const result = atMost(observed, limitMicronats);
  if (doubt) return { ...result, refusal: 'location_doubted' };
  return { check: result.check };
}

/** Enough witnesses, in different cells, of other owners. */
function checkWitnessCells({ evidence, location }: LocationInputs): CheckResult {
  const observed = {
    check: 'witness_cells',
    reason: 'too_few_witnesses',
    observed: evidence.witnessCells,
    unit: 'count',
  } as const;
  return atLeast(observed, location.minWitnesses);
}

/** They are trusted: each counts as much as it is. */
function checkWitnessWeight({ evidence, location }: LocationInputs): CheckResult {
  const observed = {
    check: 'witness_trust',
    reason: 'untrusted',
    observed: evidence.witnessWeight,
    unit: 'permyriad',
  } as const;
  return atLeast(observed, location.independentWitnesses);
}

/** What looks right at first may not when it has been heard more often: until then what a new key earns waits. */
function checkWatched({ watchedEpochs, location }: LocationInputs): CheckResult | undefined {
  if (watchedEpochs === undefined) return undefined;
  const observed = { check: 'epochs_watched', reason: 'too_new', observed: watchedEpochs, unit: 'epoch' } as const;
  return atLeast(observed, location.watchedEpochs);
}
