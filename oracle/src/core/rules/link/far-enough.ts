import { atLeast, type CheckResult } from '../check-result.ts';
import type { RadioLink } from './link-inputs.ts';

/**
 * Two hotspots' cells have centres far enough apart: radios of one site always hear each other. A survey device is no
 * hotspot of anybody's: next to a gateway it measures coverage like everywhere else.
 */
export function checkFarEnough(context: RadioLink): CheckResult | undefined {
  if (context.transmission.facts.senderKind === 'survey_device') return undefined;
  const observed = { check: 'far_enough', reason: 'too_near', observed: context.distance.centresM, unit: 'm' } as const;
  return atLeast(observed, context.ruleSet.link.minDistanceM);
}
