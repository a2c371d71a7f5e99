import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REWARD_CLASSES } from '../epoch/result.ts';
import { PRODUCTION_TIMING, ruleSet1 } from '../ruleset/index.ts';
import { type RewardClaim, splitRewards } from './split-rewards.ts';
import { surveyShares } from './survey-shares.ts';

const percents = ruleSet1(PRODUCTION_TIMING).rewards;
const key = (n: number): Uint8Array => new Uint8Array(32).fill(n);
const claim = (rewardClass: RewardClaim['rewardClass'], n: number, shares: bigint): RewardClaim => ({
  rewardClass,
  key: key(n),
  shares,
  count: 1,
  densityScale: 10_000,
});

const claims = fc.uniqueArray(
  fc
    .tuple(fc.constantFrom(...REWARD_CLASSES), fc.nat(60), fc.bigInt({ min: 0n, max: 10n ** 17n }))
    .map(([rewardClass, n, shares]) => claim(rewardClass, n, shares)),
  { selector: ({ rewardClass, key: of }) => `${rewardClass}${of[0]}`, maxLength: 80 },
);

describe('reward split', () => {
  it('gives each class its percentage and mints nothing for a class nobody earned', () => {
    const { lines, total, unminted } = splitRewards(1000n, percents, [
      claim('validator', 1, 5n),
      claim('witness', 2, 3n),
      claim('witness', 3, 1n),
    ]);
    expect(lines.map(({ amount }) => amount)).toEqual([70n, 375n, 125n]);
    expect([total, unminted]).toEqual([570n, 430n]);
  });

  it('pays and leaves unminted the emission exactly, and depends on no order', () => {
    fc.assert(
      fc.property(claims, fc.bigInt({ min: 0n, max: 10n ** 24n }), (list, emission) => {
        const split = splitRewards(emission, percents, list);
        expect(split.total + split.unminted).toBe(emission);
        expect(split.unminted).toBeGreaterThanOrEqual(0n);
        expect(splitRewards(emission, percents, [...list].reverse())).toEqual(split);
        for (const line of split.lines) expect(line.shares > 0n && line.amount >= 0n).toBe(true);
      }),
    );
  });
});

describe('survey shares', () => {
  const weights = { newCellWeight: 10, knownCellWeight: 1 };
  const of = (...keys: number[]) => new Set(keys);

  it('pay a new cell ten times a known one, half to drivers and half to receivers', () => {
    const earned = surveyShares(
      [
        { cell: 1n, known: false, devices: of(1), witnesses: of(7, 8) },
        { cell: 2n, known: true, devices: of(1, 2), witnesses: of(7) },
      ],
      weights,
    );
    const unit = 720_720n;
    expect(earned.get(1)).toEqual({ shares: 10n * unit + unit / 2n, cells: 2 });
    expect(earned.get(2)).toEqual({ shares: unit / 2n, cells: 1 });
    expect(earned.get(7)).toEqual({ shares: 5n * unit + unit, cells: 2 });
    expect(earned.get(8)).toEqual({ shares: 5n * unit, cells: 1 });
  });

  it('pay nobody for a cell that nobody paid hears but its driver', () => {
    const earned = surveyShares([{ cell: 1n, known: true, devices: of(3), witnesses: of() }], weights);
    expect([...earned.keys()]).toEqual([3]);
  });
});
