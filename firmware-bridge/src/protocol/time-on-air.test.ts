import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLoraFrame, timeOnAirUs } from './time-on-air.ts';

const at125 = (spreadingFactor: number, phyBytes: number): number =>
  timeOnAirUs({ phyBytes, spreadingFactor, bandwidthHz: 125_000 });

describe('time on air', () => {
  it('keeps the largest US915 DR0 frame under 400 ms, as LoRaWAN Regional Parameters 1.0.3 says: 24 bytes, 371 ms', () => {
    expect(at125(10, 24)).toBe(370_688);
    expect(at125(10, 25)).toBeGreaterThan(400_000);
  });

  // Milliseconds at 125 kHz, CR 4/5, CRC, explicit header; public LoRa calculators give the same.
  const published: [number, number[]][] = [
    [7, [62, 77, 103, 113, 133, 159, 185]],
    [8, [113, 144, 185, 205, 236, 277, 328]],
    [9, [206, 267, 329, 370, 431, 513, 595]],
    [10, [371, 494, 616, 698, 780, 944, 1108]],
    [12, [1483, 1974, 2466, 2630, 3121, 3613, 4268]],
  ];
  it.each(published)('agrees with the published table at SF%i', (spreadingFactor, milliseconds) => {
    const sizes = [24, 36, 52, 60, 72, 90, 110];
    expect(sizes.map((size) => Math.round(at125(spreadingFactor, size) / 1000))).toEqual(milliseconds);
  });

  it('counts 58 payload symbols for 50 bytes at SF12 with low data rate optimisation (brocaar/lorawan airtime_test.go)', () => {
    expect(at125(12, 50)).toBe((12.25 + 58) * 32_768);
  });

  it('gives the largest frames that fit a 400 ms dwell time', () => {
    const largest = [7, 8, 9, 10, 11, 12].map((sf) => {
      let bytes = -1;
      while (bytes < 255 && at125(sf, bytes + 1) <= 400_000) bytes++;
      return bytes;
    });
    expect(largest.slice(0, 4)).toEqual([255, 138, 66, 24]);
    expect(largest.slice(4).every((bytes) => bytes < 11)).toBe(true);
  });

  it('is a whole number of microseconds, and grows with size and spreading factor', () => {
    const frame = fc.record({
      phyBytes: fc.integer({ min: 0, max: 254 }),
      spreadingFactor: fc.integer({ min: 7, max: 11 }),
      bandwidthHz: fc.constantFrom(125_000, 250_000, 500_000),
    });
    fc.assert(
      fc.property(frame, (f) => {
        const us = timeOnAirUs(f);
        expect(Number.isInteger(us)).toBe(true);
        expect(timeOnAirUs({ ...f, phyBytes: f.phyBytes + 1 })).toBeGreaterThanOrEqual(us);
        expect(timeOnAirUs({ ...f, spreadingFactor: f.spreadingFactor + 1 })).toBeGreaterThan(us);
      }),
    );
  });

  it('refuses what is no LoRa frame', () => {
    for (const frame of [
      { phyBytes: 256, spreadingFactor: 7, bandwidthHz: 125_000 },
      { phyBytes: 23, spreadingFactor: 13, bandwidthHz: 125_000 },
      { phyBytes: 23, spreadingFactor: 7.5, bandwidthHz: 125_000 },
      { phyBytes: Number.NaN, spreadingFactor: 7, bandwidthHz: 125_000 },
      { phyBytes: 23, spreadingFactor: 7, bandwidthHz: 200_000 },
    ]) {
      expect(isLoraFrame(frame)).toBe(false);
      expect(() => timeOnAirUs(frame)).toThrow(RangeError);
    }
  });
});
