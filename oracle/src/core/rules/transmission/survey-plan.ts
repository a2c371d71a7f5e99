import { findCellCentre } from '../../geometry/cell.ts';
import { isPlanOfPlace } from '../../geometry/plan-place.ts';
import { type CheckResult, holds } from '../check-result.ts';
import type { TransmissionInputs } from './transmission-inputs.ts';

/** A survey device works under a channel plan that may be in use where it is. A hotspot's assertion was judged before. */
export function checkSurveyPlan(context: TransmissionInputs): CheckResult | undefined {
  const { radio, report, ruleSet } = context;
  if (report.kind !== 'survey' || radio === undefined) return undefined;
  const place = findCellCentre(report.cell, context.cells);
  if (place === undefined) return undefined;
  return holds('plan_of_place', 'region_plan_mismatch', isPlanOfPlace(radio.regionPlan, place, ruleSet));
}
