import {
  type Check,
  findSuccessorFault,
  roundOfSlot,
  type Verdict,
  verifySignature,
} from '@sextant/firmware-bridge/protocol';
import { firstRefusal, type RuleCheck } from './check-result.ts';
import type { SuccessorContext } from './context.ts';
import { checkBatchName } from './report/batch-name.ts';
import { checkKnownKey } from './report/known-key.ts';
import { checkNewKey } from './successor/new-key.ts';
import { checkOwnerSignature } from './successor/owner-signature.ts';
import type { SuccessorInputs } from './successor/successor-inputs.ts';
import { verdictOf } from './verdict-of.ts';

const SUCCESSOR_CHECKS: readonly RuleCheck<SuccessorInputs>[] = [
  checkKnownKey,
  checkBatchName,
  checkNewKey,
  checkOwnerSignature,
];

/** Judges whether a key's history passes to a new key. Two signatures in pure JavaScript: some 10 ms, and rare. */
export function judgeSuccessor(context: SuccessorContext): Verdict {
  const { lastClosedSlot, networkId, participant, report, reporter, signingDomain, timing } = context;
  const fault =
    participant && findSuccessorFault(networkId, reporter, report, participant.owner, signingDomain, verifySignature);
  const inputs: SuccessorInputs = fault ? { ...context, fault } : context;
  const checks: Check[] = [];
  const refusal = firstRefusal(SUCCESSOR_CHECKS, inputs, checks);
  return verdictOf(context, { subject: 'other', round: roundOfSlot(timing, lastClosedSlot + 1), checks, refusal });
}
