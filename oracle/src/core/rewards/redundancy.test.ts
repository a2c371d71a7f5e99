import { describe, expect, it } from 'vitest';
import { PRODUCTION_TIMING, ruleSet1 } from '../ruleset/index.ts';
import { createRedundancy } from './redundancy.ts';

const redundancy = createRedundancy(ruleSet1(PRODUCTION_TIMING));
const asNumber = (parts: bigint): number => Number((parts * 1_000_000n) / redundancy.unit) / 1_000_000;

describe('redundancy (HIP 15)', () => {
  // Helium oracles-iot ff4b370, iot_verifier: reward units with N = 4 and r = 0.8, four decimals.
  it.each([
    [0, 0, 0],
    [1, 0.25, 1],
    [2, 0.5, 1],
    [3, 0.75, 1],
    [4, 1, 1],
    [5, 1.2, 0.76],
    [6, 1.36, 0.6067],
    [7, 1.488, 0.5017],
    [8, 1.5904, 0.4262],
    [14, 1.8926, 0.222],
  ])('%i witnesses: %f to the sender, %f to each witness', (witnesses, beacon, witness) => {
    expect(asNumber(redundancy.beaconParts(witnesses))).toBeCloseTo(beacon, 4);
    expect(asNumber(redundancy.witnessParts(witnesses))).toBeCloseTo(witness, 4);
  });

  it('is exact: from four witnesses on sender and witnesses have five in all', () => {
    for (let w = 4; w <= 14; w++) {
      const all = redundancy.beaconParts(w) + BigInt(w) * redundancy.witnessParts(w);
      expect(all).toBe(5n * redundancy.unit);
    }
  });

  it('knows no more witnesses than are paid', () => {
    for (const witnesses of [-1, 1.5, 15]) expect(() => redundancy.beaconParts(witnesses)).toThrow(RangeError);
  });
});
