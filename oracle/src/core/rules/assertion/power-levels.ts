import { atMost, type CheckResult } from '../check-result.ts';
import type { AssertionContext } from '../context.ts';

/** A radio that transmits has at least one power level its channel plan allows with its antenna. */
export function checkPowerLevels(context: AssertionContext): CheckResult | undefined {
  const { report, ruleSet } = context;
  if (report.kind === 'location_assertion' && !report.canTransmit) return undefined;
  const observed = {
    check: 'power_levels',
    reason: 'power_levels',
    observed: Math.min(...report.txPowerLevelsDdbm) + report.antennaGainDdbi,
    unit: 'ddBm',
  } as const;
  return atMost(observed, ruleSet.regions.plans[report.regionPlan].maxEirpDdbm);
}
