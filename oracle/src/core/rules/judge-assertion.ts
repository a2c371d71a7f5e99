import { type Check, roundOfSlot, type Timing, type Verdict } from '@sextant/firmware-bridge/protocol';
import type { RuleSet } from '../ruleset/rule-set.ts';
import { checkAltitude } from './assertion/altitude.ts';
import { checkAntennaGain } from './assertion/antenna-gain.ts';
import { checkAntennaHeight } from './assertion/antenna-height.ts';
import { checkCellAllowed } from './assertion/cell-allowed.ts';
import { checkNumberOnce } from './assertion/number-once.ts';
import { checkPlanOfPlace } from './assertion/plan-of-place.ts';
import { checkPowerLevels } from './assertion/power-levels.ts';
import { firstRefusal, type RuleCheck } from './check-result.ts';
import type { AssertionContext } from './context.ts';
import { checkBatchName } from './report/batch-name.ts';
import { checkKnownKey } from './report/known-key.ts';
import { checkParticipantKind } from './report/participant-kind.ts';
import { verdictOf } from './verdict-of.ts';

const ASSERTION_CHECKS: readonly RuleCheck<AssertionContext>[] = [
  checkKnownKey,
  checkParticipantKind,
  checkBatchName,
  checkNumberOnce,
  checkCellAllowed,
  checkAntennaHeight,
  checkAltitude,
  checkAntennaGain,
  checkPlanOfPlace,
  checkPowerLevels,
];

/** Judges a hotspot's place or a survey device's chain anchor. Its round is that of the slot mark it precedes. */
export function judgeAssertion(context: AssertionContext): Verdict {
  const checks: Check[] = [];
  const refusal = firstRefusal(ASSERTION_CHECKS, context, checks);
  const round = roundOfSlot(context.timing, context.lastClosedSlot + 1);
  return verdictOf(context, { subject: 'assertion', round, checks, refusal });
}

/** The first round an assertion is in force in: two rounds after the round of the slot mark it precedes. */
export function firstRoundInForce(lastClosedSlot: number, timing: Timing, ruleSet: Pick<RuleSet, 'timing'>): number {
  return roundOfSlot(timing, lastClosedSlot + 1) + ruleSet.timing.assertionDelayRounds;
}
