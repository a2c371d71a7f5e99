import { integerSqrt } from '../numeric/integers.ts';
import type { RuleSet } from '../ruleset/rule-set.ts';

/** Roots are counted in thousandths. */
const ROOT_SCALE = 1000;

/**
 * How far two antennas at h₁ and h₂ metres can hear each other over a 4/3 earth, metres: 4.12 (√h₁ + √h₂) km and the
 * rule set's allowance, rounded down. 0 ≤ h ≤ 9,000,000; less than 0 counts as 0.
 */
export function radioHorizonM(height1M: number, height2M: number, ruleSet: Pick<RuleSet, 'link'>): number {
  const { horizonMPerRootM, horizonAllowancePercent } = ruleSet.link;
  const roots = root(height1M) + root(height2M);
  return Math.floor((roots * horizonMPerRootM * (100 + horizonAllowancePercent)) / (ROOT_SCALE * 100));
}

function root(heightM: number): number {
  return integerSqrt(Math.max(0, heightM) * ROOT_SCALE * ROOT_SCALE);
}
