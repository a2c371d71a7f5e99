import { isPlanAllowedAt } from '@sextant/firmware-bridge/protocol';
import { type CheckResult, holds } from '../check-result.ts';
import type { AssertionContext } from '../context.ts';

/** The channel plan is one that public lists name for the place, or nothing is known there. */
export function checkPlanOfPlace(context: AssertionContext): CheckResult | undefined {
  const { report } = context;
  if (report.kind !== 'location_assertion') return undefined;
  return holds('plan_of_place', 'region_plan_mismatch', isPlanAllowedAt(report.regionPlan, report.cell));
}
