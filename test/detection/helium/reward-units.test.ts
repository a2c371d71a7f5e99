import { describe, expect, it } from 'vitest';
import { Reciprocity } from './reciprocity.ts';
import { beaconerUnits, witnessUnits } from './reward-units.ts';

const HOUR_MS = 3_600_000;

describe('HIP 15 as Helium computes it', () => {
  it('has the published units at 14 witnesses and below', () => {
    expect([0, 1, 2, 3, 4].map(beaconerUnits)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(beaconerUnits(14)).toBe(1.8926);
    expect(witnessUnits(14)).toBe(0.222);
    expect([0, 1, 4].map(witnessUnits)).toEqual([0, 1, 1]);
  });

  it('is worth a constant five from four witnesses on', () => {
    for (let w = 4; w <= 14; w++) expect(beaconerUnits(w) + w * witnessUnits(w)).toBeCloseTo(5, 2);
  });
});

describe('HIP 106', () => {
  it('wants the other side within 48 hours, and lets a new hotspot begin', () => {
    const reciprocity = new Reciprocity();
    expect(reciprocity.mayBeacon(1, 0)).toBe(false);
    reciprocity.heard(1, [2], 0);
    expect([reciprocity.mayWitness(1, 1), reciprocity.mayBeacon(1, 1)]).toEqual([true, false]);
    expect([reciprocity.mayBeacon(2, 47 * HOUR_MS), reciprocity.mayBeacon(2, 48 * HOUR_MS)]).toEqual([true, false]);
    const fork = new Reciprocity(reciprocity);
    fork.heard(3, [1], 10);
    expect([fork.mayBeacon(1, 20), reciprocity.mayBeacon(1, 20)]).toEqual([true, false]);
  });
});
