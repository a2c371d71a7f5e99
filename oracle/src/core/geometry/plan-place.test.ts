import { REGION_PLAN_NAMES, type RegionPlanName } from '@sextant/firmware-bridge/protocol';
import { latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { ruleSet1 } from '../ruleset/rule-set.ts';
import { PRODUCTION_TIMING } from '../ruleset/timing.ts';
import { findCellCentre } from './cell.ts';
import { isPlanOfPlace } from './plan-place.ts';

const ruleSet = ruleSet1(PRODUCTION_TIMING);

function plansAt(lat: number, lng: number): RegionPlanName[] {
  const centre = findCellCentre(BigInt(`0x${latLngToCell(lat, lng, 9)}`), new Map());
  if (!centre) throw new Error('no cell');
  return REGION_PLAN_NAMES.filter((plan) => isPlanOfPlace(plan, centre, ruleSet));
}

describe('places of channel plans', () => {
  // Plans by country: TheThingsNetwork/lorawan-frequency-plans, frequency-plans.yml.
  const capitals: [string, number, number, RegionPlanName][] = [
    ['Brno', 49.2, 16.6, 'EU868'],
    ['Reykjavík', 64.1, -21.9, 'EU868'],
    ['Ponta Delgada', 37.7, -25.7, 'EU868'],
    ['Cape Town', -33.9, 18.4, 'EU868'],
    ['Port Louis', -20.2, 57.5, 'EU868'],
    ['Manila', 14.6, 121, 'EU868'],
    ['Vladivostok', 43.1, 131.9, 'EU868'],
    ['Uelen', 66.2, -169.8, 'RU864'],
    ['Moscow', 55.8, 37.6, 'RU864'],
    ['Cayenne', 4.9, -52.3, 'EU868'],
    ['Nouméa', -22.3, 166.4, 'EU868'],
    ['New York', 40.7, -74, 'US915_FSB2'],
    ['Honolulu', 21.3, -157.9, 'US915_FSB2'],
    ['Anchorage', 61.2, -149.9, 'US915_FSB2'],
    ['St. John’s', 47.6, -52.7, 'US915_FSB2'],
    ['San Juan', 18.5, -66.1, 'US915_FSB2'],
    ['Quito', -0.2, -78.5, 'US915_FSB2'],
    ['Hagåtña', 13.5, 144.7, 'US915_FSB2'],
    ['Sydney', -33.9, 151.2, 'AU915_FSB2'],
    ['Perth', -31.9, 115.9, 'AU915_FSB2'],
    ['Wellington', -41.3, 174.8, 'AU915_FSB2'],
    ['São Paulo', -23.5, -46.6, 'AU915_FSB2'],
    ['Recife', -8, -34.9, 'AU915_FSB2'],
    ['Santo Domingo', 18.5, -69.9, 'AU915_FSB2'],
    ['Punta Arenas', -53.2, -70.9, 'AU915_FSB2'],
    ['Tokyo', 35.7, 139.7, 'AS923_1'],
    ['Sapporo', 43.1, 141.4, 'AS923_1'],
    ['Singapore', 1.3, 103.8, 'AS923_1'],
    ['Taipei', 25, 121.6, 'AS923_1'],
    ['Jakarta', -6.2, 106.8, 'AS923_2'],
    ['Hanoi', 21, 105.8, 'AS923_2'],
    ['Havana', 23.1, -82.4, 'AS923_3'],
    ['Jerusalem', 31.8, 35.2, 'AS923_4'],
    ['Mumbai', 19.1, 72.9, 'IN865'],
    ['Seoul', 37.6, 127, 'KR920'],
    ['Beijing', 39.9, 116.4, 'CN470'],
  ];
  it.each(capitals)('%s (%d, %d) may use %s, and EU433', (_, lat, lng, plan) => {
    expect(plansAt(lat, lng)).toEqual(expect.arrayContaining([plan, 'EU433']));
  });

  it('tell continents apart', () => {
    expect(plansAt(49.2, 16.6)).toEqual(['EU868', 'AS923_3', 'EU433']);
    expect(plansAt(40.7, -74)).toEqual(['US915_FSB2', 'AU915_FSB2', 'EU433']);
    expect(plansAt(-33.9, 151.2)).not.toContain('EU868');
    expect(plansAt(37.6, 127)).not.toContain('US915_FSB2');
  });
});
