import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MicrosecondCounter } from './microsecond-counter.ts';

const WRAP_US = 2 ** 32;

describe('the unwrapped microsecond counter', () => {
  it('goes on over the wrap', () => {
    const counter = new MicrosecondCounter();
    expect(counter.extend(WRAP_US - 1000, 0)).toBe(WRAP_US - 1000);
    expect(counter.extend(500, 2)).toBe(WRAP_US + 500);
  });

  it('finds the lap after any silence, with a clock that drifts and arrives late', () => {
    const step = fc.record({
      gapMs: fc.integer({ min: 1, max: 48 * 3_600_000 }),
      delayMs: fc.integer({ min: 0, max: 500 }),
    });
    const startUs = fc.integer({ min: 0, max: WRAP_US - 1 });
    // A crystal is good to some tens of ppm; two days of 20 ppm are 3.5 s.
    const driftPpm = fc.integer({ min: -20, max: 20 });
    fc.assert(
      fc.property(startUs, driftPpm, fc.array(step, { maxLength: 20 }), (start, ppm, steps) => {
        const counter = new MicrosecondCounter();
        let trueMs = 0;
        counter.extend(start, 0);
        for (const { gapMs, delayMs } of steps) {
          trueMs += gapMs;
          const trueUs = start + Math.round(trueMs * 1000 * (1 + ppm / 1e6));
          expect(counter.extend(trueUs % WRAP_US, trueMs + delayMs)).toBe(trueUs);
        }
      }),
    );
  });

  it('keeps frames that arrive out of order in their lap', () => {
    const counter = new MicrosecondCounter();
    counter.extend(WRAP_US - 1000, 0);
    expect(counter.extend(2000, 3)).toBe(WRAP_US + 2000);
    expect(counter.extend(WRAP_US - 500, 3)).toBe(WRAP_US - 500);
    expect(counter.extend(9000, 10)).toBe(WRAP_US + 9000);
  });

  it('goes up when the concentrator restarts', () => {
    const counter = new MicrosecondCounter();
    const before = counter.extend(3_000_000_000, 0);
    const after = counter.extend(20_000_000, 60_000);
    expect(after).toBe(WRAP_US + 20_000_000);
    expect(after).toBeGreaterThan(before);
    expect(counter.extend(21_000_000, 61_000)).toBe(after + 1_000_000);
  });
});
