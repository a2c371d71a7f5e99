import { type CheckResult, equalTo } from '../check-result.ts';
import type { OpenedTransmission } from './transmission-inputs.ts';

/** The bridge asked its gateway for the power step the secret gives. What the gateway made of it is another matter. */
export function checkDerivedPowerStep(context: OpenedTransmission): CheckResult {
  const observed = {
    check: 'derived_power_step',
    reason: 'power_step_mismatch',
    observed: context.report.txPowerRequestedDdbm,
    unit: 'ddBm',
  } as const;
  return equalTo(observed, context.parameters.txPowerDdbm);
}
