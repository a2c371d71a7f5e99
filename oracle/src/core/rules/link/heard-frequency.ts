import { atMost, type CheckResult } from '../check-result.ts';
import type { RadioLink } from './link-inputs.ts';

/** The witness heard it on the channel it was sent on: gateways name the channel's centre, never more than half one off. */
export function checkHeardFrequency(context: RadioLink): CheckResult {
  const { report, transmission, ruleSet } = context;
  const observed = {
    check: 'heard_frequency',
    reason: 'frequency_mismatch',
    observed: Math.abs(report.frequencyHz - transmission.facts.frequencyHz),
    unit: 'Hz',
  } as const;
  return atMost(observed, ruleSet.link.frequencyToleranceHz);
}
