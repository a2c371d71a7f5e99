import type { AccusationCode, Ruling } from '@sextant/firmware-bridge/protocol';
import type { StandingAccusation } from '../location/evidence.ts';
import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';
import { isAccused } from './standing-accusations.ts';

type Numbers = Pick<TrustNumbers, 'accusation'>;

/** Why an appeal changes nothing. */
export type AppealRefusal = 'no_such_accusation' | 'appeal_open' | 'already_reviewed';
/** Why a review changes nothing. */
export type ReviewRefusal = 'no_such_appeal' | 'already_reviewed' | 'too_late';

export type Outcome<Refusal> =
  | { readonly ok: true; readonly accusations: readonly StandingAccusation[] }
  | { readonly ok: false; readonly refusal: Refusal };

const refused = <Refusal>(refusal: Refusal): Outcome<Refusal> => ({ ok: false, refusal });

export interface CountedAppeal {
  readonly code: AccusationCode;
  /** The last epoch whose evidence bore it out, as the owner has seen it. */
  readonly evidenceEpoch: number;
}

/**
 * The owner's appeal against one accusation counts in an epoch. One at a time; what validators have ruled stands. It names
 * the evidence of at most the review time ago, so that it cannot be used again against a later accusation.
 */
export function appealAfter(
  accusations: readonly StandingAccusation[],
  { code, evidenceEpoch }: CountedAppeal,
  epoch: number,
  numbers: Numbers,
): Outcome<AppealRefusal> {
  const accusation = accusations.find((candidate) => candidate.code === code);
  if (!accusation || !isAccused(accusation, numbers)) return refused('no_such_accusation');
  const age = accusation.epoch - evidenceEpoch;
  if (age < 0 || age > numbers.accusation.reviewEpochs) return refused('no_such_accusation');
  if (accusation.appeal) return refused(accusation.appeal.ruling ? 'already_reviewed' : 'appeal_open');
  return replaced(accusations, { ...accusation, appeal: { epoch, reviews: [] } });
}

export interface CountedReview {
  readonly code: AccusationCode;
  /** The epoch in which the appeal counted. */
  readonly appealEpoch: number;
  /** Place in the network's list. */
  readonly validator: number;
  readonly ruling: Ruling;
  /** M: as many must say the same. */
  readonly quorum: number;
}

/** A validator's review of an appeal counts in an epoch. Each has one word, and must give it within the review time. */
export function reviewAfter(
  accusations: readonly StandingAccusation[],
  review: CountedReview,
  epoch: number,
  numbers: Numbers,
): Outcome<ReviewRefusal> {
  const { code, appealEpoch, validator, ruling, quorum } = review;
  const accusation = accusations.find((candidate) => candidate.code === code);
  const appeal = accusation?.appeal;
  if (!accusation || !appeal || appeal.epoch !== appealEpoch) return refused('no_such_appeal');
  if (appeal.ruling || appeal.reviews.some((other) => other.validator === validator))
    return refused('already_reviewed');
  if (epoch > appeal.epoch + numbers.accusation.reviewEpochs) return refused('too_late');
  const reviews = [...appeal.reviews, { validator, ruling }].sort((a, b) => a.validator - b.validator);
  const agreeing = reviews.filter((other) => other.ruling === ruling).length;
  const ruled = agreeing >= quorum ? { ruling: { ruling, epoch } } : {};
  return replaced(accusations, { ...accusation, appeal: { epoch: appeal.epoch, reviews, ...ruled } });
}

function replaced(accusations: readonly StandingAccusation[], changed: StandingAccusation): Outcome<never> {
  return { ok: true, accusations: accusations.map((other) => (other.code === changed.code ? changed : other)) };
}
