import { compareBytes } from '@sextant/firmware-bridge/protocol';
import { REWARD_CLASSES, type RewardClass, type RewardLine } from '../epoch/result.ts';
import type { RuleSet } from '../ruleset/index.ts';
import { splitByShares } from './largest-remainder.ts';

/** What somebody has earned in one class. */
export type RewardClaim = Omit<RewardLine, 'amount' | 'held'>;

export interface RewardSplit {
  /** By class, then key; without those who get nothing. */
  readonly lines: readonly RewardLine[];
  readonly total: bigint;
  /** Of the emission: `total` + `unminted` is all of it. */
  readonly unminted: bigint;
}

/** Pay that waits until a place is proven. */
export interface HeldPay {
  /** Base units of earlier epochs that are paid now, no more than the emission. */
  readonly released: bigint;
  /** The keys whose lines of this epoch wait. */
  readonly isHeld: (key: Uint8Array) => boolean;
}

const NOTHING_HELD: HeldPay = { released: 0n, isHeld: () => false };

type ClassPercents = Pick<
  RuleSet['rewards'],
  'validatorPercent' | 'beaconerPercent' | 'witnessPercent' | 'surveyPercent'
>;

/**
 * Splits an epoch's emission: to each class its percentage, rounded down, and within it in proportion to the shares. What
 * a class with no shares would have got, and what rounding leaves, is not minted. What is released of
 * earlier epochs comes off the top.
 */
export function splitRewards(
  emission: bigint,
  percents: ClassPercents,
  claims: readonly RewardClaim[],
  { released, isHeld }: HeldPay = NOTHING_HELD,
): RewardSplit {
  const lines = REWARD_CLASSES.flatMap((rewardClass) => {
    const ofClass = claims.filter((claim) => claim.rewardClass === rewardClass && claim.shares > 0n);
    const pool = ((emission - released) * BigInt(percentOf(percents, rewardClass))) / 100n;
    const amounts = splitByShares(pool, ofClass);
    return ofClass
      .map((claim, i): RewardLine => {
        const held = rewardClass !== 'validator' && isHeld(claim.key);
        return { ...claim, amount: amounts[i] as bigint, held };
      })
      .sort((a, b) => compareBytes(a.key, b.key));
  });
  const total = lines.reduce((sum, line) => sum + line.amount, released);
  return { lines, total, unminted: emission - total };
}

function percentOf(percents: ClassPercents, rewardClass: RewardClass): number {
  switch (rewardClass) {
    case 'validator':
      return percents.validatorPercent;
    case 'beaconer':
      return percents.beaconerPercent;
    case 'witness':
      return percents.witnessPercent;
    case 'survey':
      return percents.surveyPercent;
  }
}
