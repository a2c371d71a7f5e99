import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LN_2, LN_10, PI, scaledRound } from './big-fixed.ts';
import { tenLog10Udb } from './log10.ts';

const inRange = fc.integer({ min: 1, max: 2 ** 42 - 1 });

describe('the constants tables are built from', () => {
  // OEIS A002162, A002392, A000796.
  it.each([
    ['ln 2', LN_2, '693147180559945309417232121458176568075500'],
    ['ln 10', LN_10, '2302585092994045684017991454684364207601101'],
    ['π', PI, '3141592653589793238462643383279502884197169'],
  ])('%s agrees to 42 decimals', (_, value, digits) => {
    expect(scaledRound(value, 10n ** 42n).toString()).toBe(digits);
  });
});

describe('10 log10', () => {
  it('is within −3 … +1 µdB of Math.log10', () => {
    const errorOf = (n: number): number => tenLog10Udb(n) - 1e7 * Math.log10(n);
    const errors = Array.from({ length: 20_000 }, (_, i) => errorOf(i + 1));
    expect(Math.min(...errors)).toBeGreaterThan(-3.01);
    expect(Math.max(...errors)).toBeLessThan(1.01);
    fc.assert(
      fc.property(inRange, (n) => errorOf(n) > -3.01 && errorOf(n) < 1.01),
      { numRuns: 5000 },
    );
  });

  it('is exact to the microdecibel at powers of ten that a table of this size can reach', () => {
    expect(tenLog10Udb(1)).toBe(0);
    for (let digits = 1; digits <= 12; digits++) {
      expect(Math.abs(tenLog10Udb(10 ** digits) - digits * 10_000_000)).toBeLessThanOrEqual(3);
    }
  });

  it('never falls, also across octaves', () => {
    for (let octave = 2; octave < 2 ** 42; octave *= 2) {
      expect(tenLog10Udb(octave - 1)).toBeLessThanOrEqual(tenLog10Udb(octave));
      expect(tenLog10Udb(octave)).toBeLessThanOrEqual(tenLog10Udb(octave + 1));
    }
    fc.assert(
      fc.property(inRange, fc.nat(1000), (n, more) => {
        return tenLog10Udb(Math.min(n + more, 2 ** 42 - 1)) >= tenLog10Udb(n);
      }),
      { numRuns: 5000 },
    );
  });

  it.each([0, -1, 1.5, 2 ** 42, Number.NaN, Number.POSITIVE_INFINITY])('refuses %s', (n) => {
    expect(() => tenLog10Udb(n)).toThrow(RangeError);
  });
});
