import type { AccusationCode, Ruling } from '@sextant/firmware-bridge/protocol';
import type { StandingAccusation } from '../location/evidence.ts';
import type { TrustNumbers } from '../ruleset/parameters-2-trust.ts';
import { isAccused } from './standing-accusations.ts';

type Numbers = Pick<TrustNumbers, 'accusation'>;

/** Why an appeal or a review changes nothing. */
export const APPEAL_REFUSALS = ['no_such_accusation', 'appeal_open', 'already_reviewed', 'too_late'] as const;
export type AppealRefusal = (typeof APPEAL_REFUSALS)[number];

export type AppealOutcome =
  | { readonly ok: true; readonly accusations: readonly StandingAccusation[] }
  | { readonly ok: false; readonly refusal: AppealRefusal };

const refused = (refusal: AppealRefusal): AppealOutcome => ({ ok: false, refusal });

/** The owner's appeal against one accusation counts in an epoch. One at a time; what validators have ruled stands. */
export function appealAfter(
  accusations: readonly StandingAccusation[],
  code: AccusationCode,
  epoch: number,
  numbers: Numbers,
): AppealOutcome {
  const accusation = accusations.find((candidate) => candidate.code === code);
  if (!accusation || !isAccused(accusation, numbers)) return refused('no_such_accusation');
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
): AppealOutcome {
  const { code, appealEpoch, validator, ruling, quorum } = review;
  const accusation = accusations.find((candidate) => candidate.code === code);
  const appeal = accusation?.appeal;
  if (!accusation || !appeal || appeal.epoch !== appealEpoch) return refused('no_such_accusation');
  if (appeal.ruling || appeal.reviews.some((other) => other.validator === validator))
    return refused('already_reviewed');
  if (epoch > appeal.epoch + numbers.accusation.reviewEpochs) return refused('too_late');
  const reviews = [...appeal.reviews, { validator, ruling }].sort((a, b) => a.validator - b.validator);
  const agreeing = reviews.filter((other) => other.ruling === ruling).length;
  const ruled = agreeing >= quorum ? { ruling: { ruling, epoch } } : {};
  return replaced(accusations, { ...accusation, appeal: { epoch: appeal.epoch, reviews, ...ruled } });
}

function replaced(accusations: readonly StandingAccusation[], changed: StandingAccusation): AppealOutcome {
  return { ok: true, accusations: accusations.map((other) => (other.code === changed.code ? changed : other)) };
}
