import {
  appealDigest,
  type Check,
  isOwnerSignature,
  roundOfSlot,
  type Verdict,
} from '@sextant/firmware-bridge/protocol';
import { appealAfter } from '../trust/standing-appeals.ts';
import type { AppealInputs } from './appeal/appeal-inputs.ts';
import { checkNoOpenAppeal } from './appeal/no-open-appeal.ts';
import { checkNotReviewed } from './appeal/not-reviewed.ts';
import { checkOwnerConsent } from './appeal/owner-consent.ts';
import { checkStandingAccusation } from './appeal/standing-accusation.ts';
import { firstRefusal, type RuleCheck } from './check-result.ts';
import type { AppealContext } from './context.ts';
import { checkBatchName } from './report/batch-name.ts';
import { checkKnownKey } from './report/known-key.ts';
import { verdictOf } from './verdict-of.ts';

const APPEAL_CHECKS: readonly RuleCheck<AppealInputs>[] = [
  checkKnownKey,
  checkBatchName,
  checkStandingAccusation,
  checkNoOpenAppeal,
  checkNotReviewed,
  checkOwnerConsent,
];

/** Judges whether an appeal counts. */
export function judgeAppeal(context: AppealContext): Verdict {
  const { accusations, cutEpoch, lastClosedSlot, numbers, report, timing } = context;
  const { accusation: code, epoch: evidenceEpoch } = report;
  const outcome = appealAfter(accusations, { code, evidenceEpoch }, cutEpoch, numbers);
  const inputs: AppealInputs = {
    ...context,
    // Nobody's appeal against nothing is worth recovering a key for.
    ownerSigned: outcome.ok && context.isOwners(),
    ...(outcome.ok ? {} : { standing: outcome.refusal }),
  };
  const checks: Check[] = [];
  const refusal = firstRefusal(APPEAL_CHECKS, inputs, checks);
  return verdictOf(context, { subject: 'other', round: roundOfSlot(timing, lastClosedSlot + 1), checks, refusal });
}

/** The wallet of `owner` (20 bytes) has signed the appeal. One recovered key in pure JavaScript: some 5 ms. */
export function isAppealOfOwner(
  {
    networkId,
    report,
    reporter,
    signingDomain,
  }: Pick<AppealContext, 'networkId' | 'report' | 'reporter' | 'signingDomain'>,
  owner: Uint8Array,
): boolean {
  const { accusation, epoch, ownerSignature, statementHash } = report;
  const hash = statementHash ? { statementHash } : {};
  const digest = appealDigest({ networkId, key: reporter, accusation, epoch, ...hash }, signingDomain);
  return isOwnerSignature(digest, ownerSignature, owner);
}
