import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosineE7, SINE_BITS, sineE7 } from './sine.ts';

const angle = fc.integer({ min: -1_800_000_000, max: 1_800_000_000 });
const toNumber = (fixed: bigint): number => Number(fixed) / Number(1n << SINE_BITS);
const ONE = 1n << SINE_BITS;

describe('sine and cosine', () => {
  it('are exact at the quarters', () => {
    expect([0, 900_000_000, 1_800_000_000, 2_700_000_000].map(sineE7)).toEqual([0n, ONE, 0n, -ONE]);
    expect([0, 900_000_000, 1_800_000_000, -900_000_000].map(cosineE7)).toEqual([ONE, 0n, -ONE, 0n]);
  });

  it('agree with a table of sin 1°, 37°, 89° to 17 decimals (computed with 60 digits in Python’s decimal)', () => {
    const published: [number, string][] = [
      [1, '0.0174524064372835128'],
      [37, '0.6018150231520482799'],
      [89, '0.9998476951563912392'],
    ];
    for (const [degrees, digits] of published) {
      const expected = BigInt(digits.slice(2));
      const actual = (sineE7(degrees * 10_000_000) * 10n ** 19n) >> SINE_BITS;
      expect(actual - expected, String(degrees)).toSatisfy((off: bigint) => off >= -100n && off <= 100n);
    }
  });

  it('agree with Math.sin and Math.cos to the last bits of a double', () => {
    fc.assert(
      fc.property(angle, (e7) => {
        const radians = (e7 / 1e7) * (Math.PI / 180);
        expect(Math.abs(toNumber(sineE7(e7)) - Math.sin(radians))).toBeLessThan(2 ** -50);
        expect(Math.abs(toNumber(cosineE7(e7)) - Math.cos(radians))).toBeLessThan(2 ** -50);
      }),
      { numRuns: 5000 },
    );
  });

  it('have squares that add up to one within 2^-56, are odd and even, and come round', () => {
    fc.assert(
      fc.property(angle, (e7) => {
        const [sine, cosine] = [sineE7(e7), cosineE7(e7)];
        const off = sine * sine + cosine * cosine - ONE * ONE;
        expect(off < 0n ? -off : off).toBeLessThan((ONE * ONE) >> 56n);
        expect(sineE7(-e7)).toBe(-sine);
        expect(cosineE7(-e7)).toBe(cosine);
        expect(sineE7(e7 + 3_600_000_000)).toBe(sine);
      }),
    );
  });
});
