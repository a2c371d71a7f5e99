import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ruleSet1 } from '../ruleset/rule-set.ts';
import { PRODUCTION_TIMING } from '../ruleset/timing.ts';
import { radioHorizonM } from './horizon.ts';

const ruleSet = ruleSet1(PRODUCTION_TIMING);
const height = fc.integer({ min: -1000, max: 6000 });

describe('radio horizon', () => {
  // Kilometres over a 4/3 earth, before the 20 % allowance.
  it.each([
    [2, 2, 11.7],
    [10, 10, 26.1],
    [30, 30, 45.1],
    [100, 30, 63.8],
    [300, 30, 93.9],
    [1350, 3835, 406.5],
  ])('of %d m and %d m is %d km and 20 %%', (h1, h2, km) => {
    expect(Math.round(radioHorizonM(h1, h2, ruleSet) / 120) / 10).toBe(km);
  });

  it('grows with either height, is symmetric, and counts nothing below the sea', () => {
    fc.assert(
      fc.property(height, height, fc.nat(1000), (h1, h2, more) => {
        const horizonM = radioHorizonM(h1, h2, ruleSet);
        expect(radioHorizonM(h2, h1, ruleSet)).toBe(horizonM);
        expect(radioHorizonM(h1 + more, h2, ruleSet)).toBeGreaterThanOrEqual(horizonM);
        expect(horizonM).toBe(radioHorizonM(Math.max(h1, 0), Math.max(h2, 0), ruleSet));
        const exactM = 4944 * (Math.sqrt(Math.max(h1, 0)) + Math.sqrt(Math.max(h2, 0)));
        expect(Math.abs(horizonM - exactM)).toBeLessThan(12);
      }),
    );
  });
});
