import { atLeast, type CheckResult } from '../check-result.ts';
import type { PlacedLink } from './link-inputs.ts';

/** The two cells' centres are far enough apart: radios of one site always hear each other. */
export function checkFarEnough(context: PlacedLink): CheckResult {
  const observed = { check: 'far_enough', reason: 'too_near', observed: context.distance.centresM, unit: 'm' } as const;
  return atLeast(observed, context.ruleSet.link.minDistanceM);
}
