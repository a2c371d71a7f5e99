import { atLeast, type CheckResult } from '../check-result.ts';
import type { RadioLink } from './link-inputs.ts';

/** No receiver decodes this far below the signal-to-noise floor of the spreading factor. */
export function checkNotTooQuiet(context: RadioLink): CheckResult {
  const { report, ruleSet } = context;
  const floorDdb = ruleSet.link.snrFloorDdb[report.spreadingFactor];
  if (floorDdb === undefined) throw new RangeError(`no SNR floor for SF${report.spreadingFactor}`);
  const observed = { check: 'not_too_quiet', reason: 'too_quiet', observed: report.snrDdb, unit: 'ddB' } as const;
  return atLeast(observed, floorDdb - ruleSet.link.quietAllowanceDdb);
}
