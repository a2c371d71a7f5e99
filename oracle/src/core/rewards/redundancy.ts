import type { RuleSet } from '../ruleset/rule-set.ts';

/** What one beacon is worth, in whole parts of `unit`: exact, whatever the number of its witnesses. */
export interface Redundancy {
  /** Parts that make 1. */
  readonly unit: bigint;
  /** For the sender of a beacon with that many paid witnesses. */
  beaconParts(witnesses: number): bigint;
  /** For each of that many paid witnesses. */
  witnessParts(witnesses: number): bigint;
}

interface RedundancyRules {
  readonly rewards: Pick<RuleSet['rewards'], 'usefulWitnesses' | 'redundancyPercent'>;
  readonly link: Pick<RuleSet['link'], 'paidWitnesses'>;
}

/**
 * Helium HIP 15 with N useful witnesses and decay r. A beacon with w witnesses is worth w / N to its sender up to N,
 * then 2 − r^(w − N); to each witness 1 up to N, then (N − 1 + r^(w − N)) / w. So from N witnesses on a beacon is worth
 * N + 1 in all, and one more witness only moves value: rings of accomplices gain nothing by growing.
 */
export function createRedundancy(ruleSet: RedundancyRules): Redundancy {
  const { usefulWitnesses, redundancyPercent } = ruleSet.rewards;
  const { paidWitnesses } = ruleSet.link;
  const divisor = greatestCommonDivisor(redundancyPercent, 100);
  const numerator = BigInt(redundancyPercent / divisor);
  const denominator = BigInt(100 / divisor);
  let multiple = BigInt(usefulWitnesses);
  for (let w = 2; w <= paidWitnesses; w++) multiple = leastCommonMultiple(multiple, BigInt(w));
  const unit = multiple * denominator ** BigInt(Math.max(0, paidWitnesses - usefulWitnesses));
  const useful = BigInt(usefulWitnesses);

  const decayParts = (witnesses: number): bigint => {
    const power = BigInt(witnesses - usefulWitnesses);
    return (unit * numerator ** power) / denominator ** power;
  };
  const checked = (witnesses: number): number => {
    if (Number.isInteger(witnesses) && witnesses >= 0 && witnesses <= paidWitnesses) return witnesses;
    throw new RangeError(`${witnesses} is no number of paid witnesses`);
  };
  return {
    unit,
    beaconParts(witnesses) {
      if (checked(witnesses) < usefulWitnesses) return (unit * BigInt(witnesses)) / useful;
      return 2n * unit - decayParts(witnesses);
    },
    witnessParts(witnesses) {
      if (checked(witnesses) === 0) return 0n;
      if (witnesses <= usefulWitnesses) return unit;
      return ((useful - 1n) * unit + decayParts(witnesses)) / BigInt(witnesses);
    },
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function leastCommonMultiple(a: bigint, b: bigint): bigint {
  let x = a;
  let y = b;
  while (y > 0n) [x, y] = [y, x % y];
  return (a / x) * b;
}
