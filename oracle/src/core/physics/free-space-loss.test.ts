import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freeSpaceLossDdb } from './free-space-loss.ts';

const distance = fc.integer({ min: 1, max: 2_000_000 });
const frequency = fc.integer({ min: 100_000_000, max: 3_000_000_000 });

describe('free-space loss', () => {
  it('has the published values: 91.22 dB at 1 km and 868.3 MHz, 91.67 at 915', () => {
    expect(freeSpaceLossDdb(1000, 868_300_000)).toBe(912);
    expect(freeSpaceLossDdb(1000, 915_000_000)).toBe(917);
    // 20 log10(109) = 40.75 more.
    expect(freeSpaceLossDdb(109_000, 868_300_000)).toBe(1320);
  });

  it('is within 0.05 dB of ITU-R P.525', () => {
    fc.assert(
      fc.property(distance, frequency, (d, f) => {
        const exactDb = 20 * Math.log10((4 * Math.PI * d * f) / 299_792_458);
        expect(Math.abs(freeSpaceLossDdb(d, f) / 10 - exactDb)).toBeLessThan(0.05001);
      }),
      { numRuns: 3000 },
    );
  });

  it('never falls with distance or frequency', () => {
    fc.assert(
      fc.property(distance, frequency, fc.nat(10_000), (d, f, more) => {
        expect(freeSpaceLossDdb(d + more, f)).toBeGreaterThanOrEqual(freeSpaceLossDdb(d, f));
        expect(freeSpaceLossDdb(d, f + more)).toBeGreaterThanOrEqual(freeSpaceLossDdb(d, f));
      }),
    );
  });
});
