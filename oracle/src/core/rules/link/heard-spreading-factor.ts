import { type CheckResult, equalTo } from '../check-result.ts';
import type { RadioLink } from './link-inputs.ts';

/** The witness heard it at the spreading factor it was sent at: a receiver cannot decode another. */
export function checkHeardSpreadingFactor(context: RadioLink): CheckResult {
  const observed = {
    check: 'heard_spreading_factor',
    reason: 'spreading_factor_mismatch',
    observed: context.report.spreadingFactor,
    unit: 'count',
  } as const;
  return equalTo(observed, context.transmission.facts.spreadingFactor);
}
