import { atMost, type CheckResult } from '../check-result.ts';
import { conductedPowerDdbm, highestLevelDdbm, type OpenedTransmission } from './transmission-inputs.ts';

/** The power used is none the sender did not declare. */
export function checkPowerWithinAssertion(context: OpenedTransmission): CheckResult {
  const observed = {
    check: 'power_within_assertion',
    reason: 'power_above_assertion',
    observed: conductedPowerDdbm(context.report),
    unit: 'ddBm',
  } as const;
  return atMost(observed, highestLevelDdbm(context.radio));
}
