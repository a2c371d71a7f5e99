import { atLeast, type CheckResult } from '../check-result.ts';
import type { TransmissionInputs } from './transmission-inputs.ts';

/** The receiver that placed a survey transmission used enough satellites for a fix in three dimensions. */
export function checkSatellites(context: TransmissionInputs): CheckResult | undefined {
  if (context.report.kind !== 'survey') return undefined;
  const observed = {
    check: 'satellites',
    reason: 'gnss_poor',
    observed: context.report.satellites,
    unit: 'count',
  } as const;
  return atLeast(observed, context.ruleSet.survey.minSatellites);
}
