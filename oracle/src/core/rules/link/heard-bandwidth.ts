import { type CheckResult, equalTo } from '../check-result.ts';
import type { RadioLink } from './link-inputs.ts';

/** The witness heard it in the bandwidth it was sent in: a receiver cannot decode another. */
export function checkHeardBandwidth(context: RadioLink): CheckResult {
  const observed = {
    check: 'heard_bandwidth',
    reason: 'bandwidth_mismatch',
    observed: context.report.bandwidthHz,
    unit: 'Hz',
  } as const;
  return equalTo(observed, context.transmission.facts.bandwidthHz);
}
