import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideRounded, integerSqrt, lowerMedian, lowerQuantile } from './integers.ts';

describe('integers', () => {
  it('round quotients to the nearest, halves away from zero', () => {
    const cases = [
      [7, 2, 4],
      [-7, 2, -4],
      [5, 3, 2],
      [-5, 3, -2],
      [4, 3, 1],
      [0, 9, 0],
      [-1, 3, 0],
    ] as const;
    for (const [a, b, quotient] of cases) expect(divideRounded(a, b)).toBe(quotient);
  });

  it('round like exact integers do', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 51), max: 2 ** 51 }), fc.integer({ min: 1, max: 2 ** 51 }), (a, b) => {
        const doubled = 2n * BigInt(a < 0 ? -a : a) + BigInt(b);
        const exact = Number(doubled / (2n * BigInt(b)));
        expect(divideRounded(a, b)).toBe(a < 0 && exact !== 0 ? -exact : exact);
      }),
    );
  });

  it('have quantiles, of two in the middle the smaller, whatever their order', () => {
    const values = [9, 1, 5, 3, 7, 8, 2, 4];
    expect([25, 50, 75].map((percent) => lowerQuantile(values, percent))).toEqual([2, 4, 7]);
    expect(lowerMedian(values)).toBe(4);
    expect([lowerMedian([3]), lowerQuantile([3], 25), lowerMedian([])]).toEqual([3, 3, undefined]);
  });

  it('have a square root that never rounds up', () => {
    const edges = [0, 1, 2, 3, 4, 94_906_265 ** 2, 94_906_265 ** 2 - 1, 2 ** 53 - 1];
    for (const n of edges) expectRoot(n);
    fc.assert(fc.property(fc.maxSafeNat(), expectRoot));
    fc.assert(fc.property(fc.integer({ min: 1, max: 94_906_265 }), (root) => expectRoot(root * root - 1)));
  });
});

function expectRoot(n: number): void {
  const root = BigInt(integerSqrt(n));
  expect(root * root <= BigInt(n) && (root + 1n) * (root + 1n) > BigInt(n)).toBe(true);
}
