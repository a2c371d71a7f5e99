import { atMost, type CheckResult } from '../check-result.ts';
import type { TransmissionInputs } from './transmission-inputs.ts';

/** A survey device moves slowly enough that a fix of a second ago still names its cell. */
export function checkSpeed(context: TransmissionInputs): CheckResult | undefined {
  if (context.report.kind !== 'survey') return undefined;
  const observed = { check: 'speed', reason: 'gnss_poor', observed: context.report.speedDmps, unit: 'dm/s' } as const;
  return atMost(observed, context.ruleSet.survey.maxSpeedDmps);
}
