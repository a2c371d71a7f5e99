import type { RuleSet } from '../ruleset/rule-set.ts';
import type { CellCentre } from './cell-cache.ts';
import { distanceM } from './distance.ts';

/** How far apart two antennas can be that are somewhere in their cells, metres. */
export interface DistanceInterval {
  /** Between the centres. */
  readonly centresM: number;
  /** centres − r₁ − r₂, at least 1: free-space loss has no meaning nearer. */
  readonly nearestM: number;
  /** centres + r₁ + r₂. */
  readonly farthestM: number;
}

/** r is the largest radius of the cell's resolution, from the rule set. Throws RangeError for a resolution not in it. */
export function distanceInterval(a: CellCentre, b: CellCentre, ruleSet: Pick<RuleSet, 'link'>): DistanceInterval {
  const centresM = distanceM(a, b);
  const slackM = cellRadiusM(a, ruleSet) + cellRadiusM(b, ruleSet);
  return { centresM, nearestM: Math.max(1, centresM - slackM), farthestM: centresM + slackM };
}

function cellRadiusM(cell: CellCentre, ruleSet: Pick<RuleSet, 'link'>): number {
  const radius = ruleSet.link.cellRadiiM[cell.resolution];
  if (radius === undefined) throw new RangeError(`no cell radius for resolution ${cell.resolution}`);
  return radius;
}
