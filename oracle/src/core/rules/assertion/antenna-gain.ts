import { type CheckResult, within } from '../check-result.ts';
import type { AssertionContext } from '../context.ts';

/** The antenna gain is one that omnidirectional antennas have: it raises what counts as too loud, so it is bounded. */
export function checkAntennaGain(context: AssertionContext): CheckResult {
  const { report, ruleSet } = context;
  const observed = {
    check: 'antenna_gain',
    reason: 'antenna_gain',
    observed: report.antennaGainDdbi,
    unit: 'ddBi',
  } as const;
  return within(observed, ruleSet.assertion.minAntennaGainDdbi, ruleSet.assertion.maxAntennaGainDdbi);
}
