import { findTimingFault, unixMs } from '@sextant/firmware-bridge/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEMO_TIMING, deriveTiming, lateEpochsOf, PRODUCTION_TIMING } from './timing.ts';

const HOUR_MS = 3_600_000;

describe('timing', () => {
  it('gives the two published profiles from their round and epoch', () => {
    expect(deriveTiming({ roundMs: 6 * HOUR_MS, epochMs: 24 * HOUR_MS })).toEqual(PRODUCTION_TIMING);
    expect(deriveTiming({ roundMs: 60_000, epochMs: 300_000 })).toEqual(DEMO_TIMING);
  });

  it('keeps reports for two days at least: K 3 in production, 600 in the demo', () => {
    expect(lateEpochsOf(PRODUCTION_TIMING.epochMs)).toBe(3);
    expect(lateEpochsOf(DEMO_TIMING.epochMs)).toBe(600);
  });

  it('shrinks slots and W with a round of 5 s', () => {
    expect(deriveTiming({ roundMs: 5000, epochMs: 20_000 })).toEqual({
      slotMs: 2500,
      roundMs: 5000,
      epochMs: 20_000,
      clockMarginMs: 1000,
      epochGraceMs: 4000,
    });
  });

  it('refuses what has no consistent profile', () => {
    expect(deriveTiming({ roundMs: 1999, epochMs: 19_990 })).toBe('round_too_short');
    expect(deriveTiming({ roundMs: 5000, epochMs: 12_000 })).toBe('epoch_not_whole_rounds');
    expect(deriveTiming({ roundMs: 5000, epochMs: 0 })).toBe('epoch_not_whole_rounds');
    expect(deriveTiming({ roundMs: 5000.5, epochMs: 10_001 })).toBe('not_whole_milliseconds');
    expect(deriveTiming({ roundMs: Number.NaN, epochMs: 10_001 })).toBe('not_whole_milliseconds');
  });

  it('is consistent for every round and number of rounds, with no slot under 2 s', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2000, max: 6 * HOUR_MS }), fc.integer({ min: 1, max: 100 }), (roundMs, rounds) => {
        const timing = deriveTiming({ roundMs, epochMs: roundMs * rounds });
        if (typeof timing === 'string') throw new Error(timing);
        expect(findTimingFault({ genesisMs: unixMs(0), ...timing })).toBeUndefined();
        expect(timing.slotMs).toBeGreaterThanOrEqual(2000);
      }),
    );
  });
});
