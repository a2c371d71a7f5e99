import { type CheckResult, equalTo } from '../check-result.ts';
import type { OpenedTransmission } from './transmission-inputs.ts';

/** The transmission used the spreading factor its secret gives. */
export function checkDerivedSpreadingFactor(context: OpenedTransmission): CheckResult {
  const observed = {
    check: 'derived_spreading_factor',
    reason: 'spreading_factor_mismatch',
    observed: context.report.spreadingFactor,
    unit: 'count',
  } as const;
  return equalTo(observed, context.parameters.spreadingFactor);
}
