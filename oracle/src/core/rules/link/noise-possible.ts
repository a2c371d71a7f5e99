import { highestImpliedNoiseDdbm } from '../../physics/signal-power.ts';
import { atLeast, type CheckResult } from '../check-result.ts';
import type { RadioLink } from './link-inputs.ts';

/** RSSI and SNR together imply no less noise than heat alone makes, whichever RSSI convention the gateway uses. */
export function checkNoisePossible(context: RadioLink): CheckResult {
  const { report, ruleSet } = context;
  const widerDdb = ruleSet.link.noiseBandwidthDdb[report.bandwidthHz];
  if (widerDdb === undefined) throw new RangeError(`no noise floor for ${report.bandwidthHz} Hz`);
  const observed = {
    check: 'noise_possible',
    reason: 'noise_too_low',
    observed: highestImpliedNoiseDdbm(report),
    unit: 'ddBm',
  } as const;
  return atLeast(observed, ruleSet.link.noiseFloorDdbm + widerDdb);
}
