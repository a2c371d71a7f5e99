import fc from 'fast-check';
import { cellToParent, latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { isPlanAllowedAt, REGION_MAP_RESOLUTION, REGION_MAP_SLOTS, regionPlansAt, regionSlot } from './region-map.ts';
import type { RegionPlanName } from './reports.ts';

const cellAt = (latitude: number, longitude: number, resolution = 9): bigint =>
  BigInt(`0x${latLngToCell(latitude, longitude, resolution)}`);

describe('region map', () => {
  it.each<[string, number, number, RegionPlanName, RegionPlanName[]]>([
    ['Munich', 48.137, 11.575, 'EU868', ['US915_FSB2', 'AU915_FSB2', 'AS923_1', 'IN865']],
    ['Brno', 49.195, 16.608, 'EU868', ['US915_FSB2', 'KR920']],
    ['London', 51.507, -0.128, 'EU868', ['US915_FSB2', 'AU915_FSB2']],
    ['New York', 40.713, -74.006, 'US915_FSB2', ['EU868', 'AS923_1', 'IN865']],
    ['Honolulu', 21.307, -157.858, 'US915_FSB2', ['EU868']],
    ['Sydney', -33.869, 151.209, 'AU915_FSB2', ['EU868', 'US915_FSB2']],
    ['São Paulo', -23.55, -46.633, 'AU915_FSB2', ['EU868', 'US915_FSB2']],
    ['Tokyo', 35.69, 139.692, 'AS923_1', ['EU868', 'US915_FSB2', 'AU915_FSB2']],
    ['Jakarta', -6.208, 106.846, 'AS923_2', ['EU868', 'AU915_FSB2']],
    ['Manila', 14.6, 120.984, 'AS923_3', ['US915_FSB2']],
    ['Eilat', 29.557, 34.952, 'AS923_4', ['US915_FSB2', 'AU915_FSB2']],
    ['Delhi', 28.614, 77.209, 'IN865', ['EU868', 'US915_FSB2']],
    ['Seoul', 37.567, 126.978, 'KR920', ['EU868', 'US915_FSB2']],
    ['Moscow', 55.756, 37.617, 'RU864', ['US915_FSB2', 'AU915_FSB2']],
    ['Beijing', 39.904, 116.407, 'CN470', ['EU868', 'US915_FSB2']],
    ['Anadyr, beyond the antimeridian', 64.735, 177.519, 'RU864', ['US915_FSB2']],
  ])('allows %s its plan, and not those of other continents', (_, latitude, longitude, allowed, refused) => {
    const cell = cellAt(latitude, longitude);
    expect(isPlanAllowedAt(allowed, cell)).toBe(true);
    for (const plan of refused) expect(isPlanAllowedAt(plan, cell), plan).toBe(false);
  });

  it('allows the plans of both countries near a border', () => {
    const narva = cellAt(59.377, 28.19);
    expect(isPlanAllowedAt('EU868', narva) && isPlanAllowedAt('RU864', narva)).toBe(true);
    const sanDiego = cellAt(32.55, -117.04);
    expect(isPlanAllowedAt('US915_FSB2', sanDiego)).toBe(true);
  });

  it('allows anything where nothing is known: at sea, in Kabul, at the poles', () => {
    for (const [latitude, longitude] of [
      [40, -40],
      [34.555, 69.207],
      [90, 0],
      [-90, 0],
    ] as const) {
      expect(regionPlansAt(cellAt(latitude, longitude))).toBeUndefined();
      expect(isPlanAllowedAt('US915_FSB2', cellAt(latitude, longitude))).toBe(true);
    }
  });

  it('gives every finer cell what its parent of resolution 3 has', () => {
    const latitude = fc.double({ min: -89, max: 89, noNaN: true });
    const longitude = fc.double({ min: -180, max: 180, noNaN: true });
    fc.assert(
      fc.property(latitude, longitude, fc.integer({ min: 3, max: 15 }), (lat, lng, resolution) => {
        const cell = latLngToCell(lat, lng, resolution);
        const parent = cellToParent(cell, REGION_MAP_RESOLUTION);
        const slot = regionSlot(BigInt(`0x${cell}`));
        expect(slot).toBe(regionSlot(BigInt(`0x${parent}`)));
        expect(slot).toBeLessThan(REGION_MAP_SLOTS);
      }),
    );
  });

  it('knows nothing about coarser cells and about what is no cell', () => {
    expect(regionSlot(cellAt(48.137, 11.575, 2))).toBeUndefined();
    expect(regionSlot(0n)).toBeUndefined();
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (bits) => {
        const slot = regionSlot(bits);
        if (slot !== undefined) expect(slot >= 0 && slot < REGION_MAP_SLOTS).toBe(true);
      }),
    );
  });
});
