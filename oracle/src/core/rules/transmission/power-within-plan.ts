import { atMost, type CheckResult } from '../check-result.ts';
import { conductedPowerDdbm, type OpenedTransmission } from './transmission-inputs.ts';

/** The power used, antenna gain included, is one the channel plan allows. */
export function checkPowerWithinPlan(context: OpenedTransmission): CheckResult {
  const { report, radio, ruleSet } = context;
  const observed = {
    check: 'power_within_plan',
    reason: 'power_above_plan',
    observed: conductedPowerDdbm(report) + radio.antennaGainDdbi,
    unit: 'ddBm',
  } as const;
  return atMost(observed, ruleSet.regions.plans[radio.regionPlan].maxEirpDdbm);
}
