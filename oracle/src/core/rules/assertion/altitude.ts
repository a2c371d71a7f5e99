import { type CheckResult, within } from '../check-result.ts';
import type { AssertionContext } from '../context.ts';

/** The altitude is one where people live: it sets the radio horizon, so it is bounded. */
export function checkAltitude(context: AssertionContext): CheckResult | undefined {
  const { report, ruleSet } = context;
  if (report.kind !== 'location_assertion') return undefined;
  const observed = { check: 'altitude', reason: 'altitude', observed: report.altitudeMslM, unit: 'm' } as const;
  return within(observed, ruleSet.assertion.minAltitudeM, ruleSet.assertion.maxAltitudeM);
}
