import { atMost, type CheckResult } from '../check-result.ts';
import type { TransmissionInputs } from './transmission-inputs.ts';

/** The satellites' geometry let the receiver place a survey transmission within its cell (HDOP). */
export function checkHdop(context: TransmissionInputs): CheckResult | undefined {
  if (context.report.kind !== 'survey') return undefined;
  const observed = { check: 'hdop', reason: 'gnss_poor', observed: context.report.hdopTenths, unit: 'tenths' } as const;
  return atMost(observed, context.ruleSet.survey.maxHdopTenths);
}
