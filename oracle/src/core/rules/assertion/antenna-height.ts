import { type CheckResult, within } from '../check-result.ts';
import type { AssertionContext } from '../context.ts';

/** The antenna is above the ground, and on no mast taller than the rule set knows. */
export function checkAntennaHeight(context: AssertionContext): CheckResult | undefined {
  const { report, ruleSet } = context;
  if (report.kind !== 'location_assertion') return undefined;
  const observed = {
    check: 'antenna_height',
    reason: 'antenna_height',
    observed: report.antennaAglM,
    unit: 'm',
  } as const;
  return within(observed, ruleSet.assertion.minAntennaAglM, ruleSet.assertion.maxAntennaAglM);
}
