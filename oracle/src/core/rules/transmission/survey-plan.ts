import { isPlanAllowedAt } from '@sextant/firmware-bridge/protocol';
import { type CheckResult, holds } from '../check-result.ts';
import type { TransmissionInputs } from './transmission-inputs.ts';

/** A survey device works under a channel plan of the place where it is. A hotspot's assertion was judged before. */
export function checkSurveyPlan(context: TransmissionInputs): CheckResult | undefined {
  const { radio, report } = context;
  if (report.kind !== 'survey' || radio === undefined) return undefined;
  return holds('plan_of_place', 'region_plan_mismatch', isPlanAllowedAt(radio.regionPlan, report.cell));
}
