import { atMost, type CheckResult } from '../check-result.ts';
import type { RadioLink } from './link-inputs.ts';

/** The two bridges' clocks put sending and reception no farther apart than the time on air and some drift. */
export function checkClocksAgree(context: RadioLink): CheckResult {
  const { report, transmission, ruleSet } = context;
  const { sentAtMs, airtimeMs } = transmission.facts;
  const observed = {
    check: 'clocks_agree',
    reason: 'clock',
    observed: Math.abs(report.receivedAtMs - sentAtMs),
    unit: 'ms',
  } as const;
  return atMost(observed, airtimeMs + ruleSet.link.clockToleranceMs);
}
