import { describe, expect, it } from 'vitest';
import { estimate } from './interval.ts';

describe('an estimate', () => {
  it("is Student's interval of the mean", () => {
    // Gosset's sleep data, second drug (Student, Biometrika 6, 1908): mean 2.33, 95 % interval 0.898 … 3.762.
    const { mean, low, high } = estimate([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]);
    expect([mean, low, high].map((value) => Math.round(value * 1000) / 1000)).toEqual([2.33, 0.898, 3.762]);
  });

  it('of one value is that value', () => {
    expect(estimate([0.25])).toEqual({ mean: 0.25, low: 0.25, high: 0.25 });
  });
});
