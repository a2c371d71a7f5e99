import fc from 'fast-check';
import { greatCircleDistance } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { distanceM, EARTH_RADIUS_DM, unitVector } from './distance.ts';

const latE7 = fc.integer({ min: -900_000_000, max: 900_000_000 });
const lngE7 = fc.integer({ min: -1_800_000_000, max: 1_800_000_000 });
const RADIUS_M = EARTH_RADIUS_DM / 10;

const between = (a: readonly [number, number], b: readonly [number, number]): number =>
  distanceM(unitVector(...a), unitVector(...b));

function exactChordM(a: readonly [number, number], b: readonly [number, number]): number {
  const vector = ([lat, lng]: readonly [number, number]): [number, number, number] => {
    const [phi, lambda] = [lat, lng].map((e7) => (e7 / 1e7) * (Math.PI / 180)) as [number, number];
    return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
  };
  const [va, vb] = [vector(a), vector(b)];
  return RADIUS_M * Math.hypot(...va.map((component, i) => component - (vb[i] as number)));
}

describe('distance', () => {
  it('is known: pole to pole, a quarter of the equator, one degree of it', () => {
    expect(between([900_000_000, 0], [-900_000_000, 0])).toBe(Math.round(2 * RADIUS_M));
    expect(between([0, 0], [0, 900_000_000])).toBe(Math.round(Math.SQRT2 * RADIUS_M));
    expect(between([0, 0], [0, 10_000_000])).toBe(111_194);
  });

  it('is within 1 m of the exact chord everywhere', () => {
    fc.assert(
      fc.property(latE7, lngE7, latE7, lngE7, (latA, lngA, latB, lngB) => {
        const [a, b] = [[latA, lngA] as const, [latB, lngB] as const];
        expect(Math.abs(between(a, b) - exactChordM(a, b))).toBeLessThan(1);
        expect(between(b, a)).toBe(between(a, b));
      }),
      { numRuns: 2000 },
    );
  });

  it('agrees with h3’s great circle within 1 m to 60 km and 2 m to 100 km', () => {
    const near = fc.integer({ min: -4_000_000, max: 4_000_000 });
    fc.assert(
      fc.property(fc.integer({ min: -800_000_000, max: 800_000_000 }), lngE7, near, near, (lat, lng, dLat, dLng) => {
        const b = [lat + dLat, lng + dLng] as const;
        const arcM = greatCircleDistance([lat / 1e7, lng / 1e7], [b[0] / 1e7, b[1] / 1e7], 'm');
        expect(Math.abs(between([lat, lng], b) - arcM)).toBeLessThan(arcM < 60_000 ? 1.3 : 2);
      }),
      { numRuns: 2000 },
    );
  });

  it('has components that fit the integer chord', () => {
    fc.assert(
      fc.property(latE7, lngE7, (lat, lng) => {
        for (const component of Object.values(unitVector(lat, lng))) {
          expect(Number.isInteger(component) && Math.abs(component) <= 2 ** 25).toBe(true);
        }
      }),
    );
  });
});
