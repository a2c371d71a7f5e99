import fc from 'fast-check';
import {
  cellToBoundary,
  cellToChildren,
  cellToLatLng,
  getPentagons,
  getRes0Cells,
  greatCircleDistance,
  latLngToCell,
} from 'h3-js';
import { describe, expect, it } from 'vitest';
import { ruleSet1 } from '../ruleset/rule-set.ts';
import { PRODUCTION_TIMING } from '../ruleset/timing.ts';
import { findCellCentre, findCellResolution } from './cell.ts';
import type { CellCentre } from './cell-cache.ts';

const ruleSet = ruleSet1(PRODUCTION_TIMING);
const latLng = fc.tuple(fc.double({ min: -90, max: 90, noNaN: true }), fc.double({ min: -180, max: 180, noNaN: true }));
const asBigint = (cell: string): bigint => BigInt(`0x${cell}`);

describe('cells', () => {
  it('have h3’s centre rounded to 10^-7 degrees', () => {
    fc.assert(
      fc.property(latLng, fc.integer({ min: 0, max: 15 }), ([lat, lng], resolution) => {
        const cell = latLngToCell(lat, lng, resolution);
        const centre = findCellCentre(asBigint(cell), new Map());
        const [centreLat, centreLng] = cellToLatLng(cell);
        expect(centre?.resolution).toBe(resolution);
        expect(Math.abs((centre?.latE7 ?? 0) - centreLat * 1e7)).toBeLessThanOrEqual(0.5);
        expect(Math.abs((centre?.lngE7 ?? 0) - centreLng * 1e7)).toBeLessThanOrEqual(0.5);
      }),
    );
  });

  it('are remembered where the caller wants it', () => {
    const cache = new Map<bigint, CellCentre>();
    const cell = asBigint(latLngToCell(49.2, 16.6, 9));
    expect(findCellCentre(cell, cache)).toBe(findCellCentre(cell, cache));
    expect([...cache.keys()]).toEqual([cell]);
  });

  it('are refused when they are no cells, and never throw', () => {
    const valid = asBigint(latLngToCell(49.2, 16.6, 9));
    // Sign, more than 64 bits, the reserved bit, other H3 modes (edge, vertex), a used digit beyond the resolution.
    const hostile = [
      0n,
      -1n,
      -valid,
      valid << 4n,
      valid | (1n << 63n),
      valid | (1n << 64n),
      2n ** 64n - 1n,
      2n ** 5000n,
    ];
    const others = [
      valid & ~(1n << 59n),
      (valid & ~(15n << 59n)) | (2n << 59n),
      (valid & ~(15n << 59n)) | (4n << 59n),
      valid - 1n,
    ];
    for (const cell of [...hostile, ...others]) {
      expect(findCellCentre(cell, new Map()), cell.toString(16)).toBeUndefined();
      expect(findCellResolution(cell), cell.toString(16)).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }), (cell) => {
        const centre = findCellCentre(cell, new Map());
        expect(findCellResolution(cell)).toBe(centre?.resolution);
      }),
    );
  });

  it('lie within the radius of their resolution: no corner is farther from the centre', () => {
    const radiusOf = (cell: string): number =>
      Math.max(...cellToBoundary(cell).map((corner) => greatCircleDistance(cellToLatLng(cell), corner, 'm')));
    // The largest cells lie at the centres of the icosahedron's faces, so there the limit must be nearly reached.
    const largest: Record<number, number> = {};
    for (const [resolution, limitM] of Object.entries(ruleSet.link.cellRadiiM)) {
      const res = Number(resolution);
      largest[res] = 0;
      for (const [lat, lng] of FACE_CENTRES) {
        largest[res] = Math.max(largest[res], radiusOf(latLngToCell(lat, lng, res)));
      }
      for (const cell of getPentagons(res)) expect(radiusOf(cell), cell).toBeLessThan(limitM);
      expect(largest[res], resolution).toBeLessThan(limitM);
      expect(largest[res], resolution).toBeGreaterThan(limitM - 1.5);
    }
    fc.assert(
      fc.property(latLng, fc.constantFrom(8, 9, 10), ([lat, lng], resolution) => {
        const limitM = ruleSet.link.cellRadiiM[resolution] as number;
        expect(radiusOf(latLngToCell(lat, lng, resolution))).toBeLessThan(limitM);
      }),
      { numRuns: 1000 },
    );
    // Every cell of resolution 2 (5,882 of them), scaled: √7 a resolution.
    const limitM = (ruleSet.link.cellRadiiM[9] as number) * 7 ** 3.5;
    for (const base of getRes0Cells()) {
      for (const cell of cellToChildren(base, 2)) expect(radiusOf(cell)).toBeLessThan(limitM);
    }
  });
});

/** Centres of the icosahedron's faces, degrees: H3 faceijk.c, faceCenterGeo. */
const FACE_CENTRES = (
  [
    [0.803582649718989, 1.248397419617396],
    [1.307747883455638, 2.536945009877921],
    [1.054751253523952, -1.347517358900396],
    [0.600191595538186, -0.450603909469755],
    [0.491715428198773, 0.401988202911306],
    [0.172745327415618, 1.678146885280433],
    [0.60592932157135, 2.953923329812411],
    [0.427370518328979, -1.888876200336285],
    [-0.079066118549212, -0.733429513380867],
    [-0.230961644455383, 0.506495587332349],
  ] as const
).map(([lat, lng]) => [(lat * 180) / Math.PI, (lng * 180) / Math.PI] as const);
