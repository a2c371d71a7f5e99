import { type CheckResult, equalTo } from '../check-result.ts';
import type { OpenedTransmission } from './transmission-inputs.ts';

/** The transmission used the channel its secret gives. */
export function checkDerivedFrequency(context: OpenedTransmission): CheckResult {
  const observed = {
    check: 'derived_frequency',
    reason: 'frequency_mismatch',
    observed: context.report.frequencyHz,
    unit: 'Hz',
  } as const;
  return equalTo(observed, context.parameters.frequencyHz);
}
