import { isPlanOfPlace } from '../../geometry/plan-place.ts';
import { type CheckResult, holds } from '../check-result.ts';
import type { AssertionInputs } from './assertion-inputs.ts';

/** The channel plan is one that may be in use where the hotspot says it is. */
export function checkPlanOfPlace(context: AssertionInputs): CheckResult | undefined {
  const { place, report, ruleSet } = context;
  if (place === undefined) return undefined;
  return holds('plan_of_place', 'region_plan_mismatch', isPlanOfPlace(report.regionPlan, place, ruleSet));
}
