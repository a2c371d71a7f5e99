import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitByShares } from './largest-remainder.ts';

const key = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);

const claims = fc
  .uniqueArray(
    fc.record({ key: fc.uint8Array({ minLength: 1, maxLength: 3 }), shares: fc.bigInt({ min: 0n, max: 10n ** 20n }) }),
    { selector: (claim) => claim.key.join(), maxLength: 30 },
  )
  .map((list) => list.sort((a, b) => (a.key.join() < b.key.join() ? -1 : 1)));

describe('largest remainder', () => {
  it('gives the left-over units to the largest remainders, ties to the smaller key', () => {
    const shares = (...list: bigint[]) => list.map((value, i) => ({ key: key(9 - i), shares: value }));
    expect(splitByShares(10n, shares(1n, 1n, 1n))).toEqual([3n, 3n, 4n]);
    expect(splitByShares(11n, shares(1n, 1n, 1n))).toEqual([3n, 4n, 4n]);
    // Hamilton's method on the well-known "Alabama" example: 10 seats for 6, 6 and 2 of 14 votes.
    expect(splitByShares(10n, shares(6n, 6n, 2n))).toEqual([4n, 4n, 2n]);
    expect(splitByShares(11n, shares(6n, 6n, 2n))).toEqual([5n, 5n, 1n]);
  });

  it('pays the pool exactly, and everybody their quotient rounded down or up', () => {
    fc.assert(
      fc.property(claims, fc.bigInt({ min: 0n, max: 10n ** 24n }), (list, pool) => {
        const parts = splitByShares(pool, list);
        const total = list.reduce((sum, claim) => sum + claim.shares, 0n);
        expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(total === 0n ? 0n : pool);
        list.forEach((claim, i) => {
          const quotient = total === 0n ? 0n : (pool * claim.shares) / total;
          expect([quotient, quotient + 1n]).toContain(parts[i]);
          if (claim.shares === 0n) expect(parts[i]).toBe(0n);
        });
      }),
    );
  });

  it('does not depend on the order of the claims', () => {
    fc.assert(
      fc.property(claims, fc.bigInt({ min: 0n, max: 1000n }), (list, pool) => {
        expect(splitByShares(pool, [...list].reverse()).reverse()).toEqual(splitByShares(pool, list));
      }),
    );
  });
});
