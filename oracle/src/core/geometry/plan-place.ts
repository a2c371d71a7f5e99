import type { RegionPlanName } from '@sextant/firmware-bridge/protocol';
import type { PlaceBox } from '../ruleset/plan-places.ts';
import type { RuleSet } from '../ruleset/rule-set.ts';
import type { CellCentre } from './cell-cache.ts';

const DEGREE_E7 = 10_000_000;
/** A tenth of a degree around each box, more than any cell's radius: a place is outside only when all of its cell is. */
const SLACK_E7 = DEGREE_E7 / 10;

/** Whether a channel plan may be in use somewhere in the cell. */
export function isPlanOfPlace(plan: RegionPlanName, place: CellCentre, ruleSet: Pick<RuleSet, 'regions'>): boolean {
  return ruleSet.regions.places[plan].some((box) => contains(box, place));
}

function contains([south, west, north, east]: PlaceBox, { latE7, lngE7 }: CellCentre): boolean {
  return (
    latE7 >= south * DEGREE_E7 - SLACK_E7 &&
    latE7 <= north * DEGREE_E7 + SLACK_E7 &&
    lngE7 >= west * DEGREE_E7 - SLACK_E7 &&
    lngE7 <= east * DEGREE_E7 + SLACK_E7
  );
}
