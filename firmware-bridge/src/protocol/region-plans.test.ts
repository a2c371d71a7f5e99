import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REGION_PLAN_TEXTS } from './region-plan-texts.ts';
import {
  dutyCycleBandAt,
  findRegionPlan,
  legalSpreadingFactors,
  REGION_PLAN_NAMES,
  REGION_PLANS,
} from './region-plans.ts';
import { REGION_PLAN_CODES } from './reports.ts';

const MHZ = 1_000_000;
const plans = REGION_PLAN_NAMES.map((name) => REGION_PLANS[name]);

describe('region plans', () => {
  it('are exactly those of the wire schema, each under its own name', () => {
    expect(new Set(REGION_PLAN_NAMES)).toEqual(new Set(Object.keys(REGION_PLAN_CODES)));
    for (const name of REGION_PLAN_NAMES) expect(REGION_PLANS[name].name).toBe(name);
  });

  it('are found by name, and by nothing an object inherits', () => {
    expect(findRegionPlan('EU868')?.name).toBe('EU868');
    for (const name of ['', 'eu868', 'toString', '__proto__', 'US915']) expect(findRegionPlan(name)).toBeUndefined();
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(REGION_PLANS.EU868.dutyCycleBands[0])).toBe(true);
    expect(Object.isFrozen(REGION_PLANS.US915_FSB2.beaconChannelsHz)).toBe(true);
  });

  it('say why, exactly when they allow no beacons', () => {
    expect(plans.filter((plan) => !plan.beaconingAllowed).map((plan) => plan.name)).toEqual(['KR920', 'CN470']);
    for (const plan of plans) {
      expect(REGION_PLAN_TEXTS[plan.name].noBeaconing !== undefined, plan.name).toBe(!plan.beaconingAllowed);
    }
  });

  // TheThingsNetwork/lorawan-frequency-plans, uplink-channels of each file.
  it.each([
    ['EU868', [867.1, 867.3, 867.5, 867.7, 867.9, 868.1, 868.3, 868.5]],
    ['US915_FSB2', [903.9, 904.1, 904.3, 904.5, 904.7, 904.9, 905.1, 905.3]],
    ['AU915_FSB2', [916.8, 917, 917.2, 917.4, 917.6, 917.8, 918, 918.2]],
    ['AS923_1', [923.2, 923.4]],
    ['AS923_2', [921.4, 921.6]],
    ['AS923_3', [916.6, 916.8]],
    ['AS923_4', [917.3, 917.5]],
    ['IN865', [865.0625, 865.4025, 865.985]],
    ['KR920', [922.1, 922.3, 922.5, 922.7, 922.9, 923.1, 923.3]],
    ['RU864', [868.9, 869.1]],
    ['CN470', [486.3, 486.5, 486.7, 486.9, 487.1, 487.3, 487.5, 487.7]],
    ['EU433', [433.175, 433.375, 433.575]],
  ] as const)('%s beacons on its published uplink channels', (name, channelsMhz) => {
    expect(REGION_PLANS[name].beaconChannelsHz).toEqual(channelsMhz.map((mhz) => Math.round(mhz * MHZ)));
  });

  it('have every channel inside the transmit range and inside one duty-cycle band, if there are any', () => {
    for (const plan of plans) {
      for (const frequencyHz of plan.beaconChannelsHz) {
        expect(frequencyHz, plan.name).toBeGreaterThanOrEqual(plan.transmitRangeHz.lowerHz);
        expect(frequencyHz, plan.name).toBeLessThanOrEqual(plan.transmitRangeHz.upperHz);
        if (plan.dutyCycleBands.length > 0) expect(dutyCycleBandAt(plan, frequencyHz), plan.name).toBeDefined();
      }
    }
  });

  it('have duty-cycle bands that do not overlap', () => {
    for (const plan of plans) {
      plan.dutyCycleBands.reduce((end, { lowerHz, upperHz }) => {
        expect(lowerHz).toBeGreaterThanOrEqual(end);
        expect(upperHz).toBeGreaterThan(lowerHz);
        return upperHz;
      }, 0);
    }
  });

  it('know the cliffs of the EU868 bands (ETSI EN 300 220-2)', () => {
    const permilleAt = (mhz: number): number | undefined =>
      dutyCycleBandAt(REGION_PLANS.EU868, Math.round(mhz * MHZ))?.permille;
    expect([862.9, 863, 864.999, 865, 868, 868.599].map(permilleAt)).toEqual([undefined, 1, 1, 10, 10, 10]);
    expect([868.6, 868.7, 869.2, 869.4, 869.649, 869.65, 869.7].map(permilleAt)).toEqual([
      undefined,
      1,
      undefined,
      100,
      100,
      undefined,
      10,
    ]);
  });

  it('let a 23-byte beacon use SF10 under 400 ms, and SF12 where nothing limits dwell', () => {
    expect(legalSpreadingFactors(REGION_PLANS.US915_FSB2, 23, 60_000_000)).toEqual([7, 8, 9, 10]);
    expect(legalSpreadingFactors(REGION_PLANS.US915_FSB2, 25, 60_000_000)).toEqual([7, 8, 9]);
    expect(legalSpreadingFactors(REGION_PLANS.EU868, 23, 60_000_000)).toEqual([7, 8, 9, 10, 11, 12]);
    expect(legalSpreadingFactors(REGION_PLANS.EU868, 23, 1_000_000)).toEqual([7, 8, 9, 10, 11]);
    expect(legalSpreadingFactors(REGION_PLANS.EU868, 23, 0)).toEqual([]);
  });

  it('never lengthen a dwell limit by a longer slot', () => {
    fc.assert(
      fc.property(fc.constantFrom(...plans), fc.nat(255), fc.nat(10_000_000), (plan, bytes, slotUs) => {
        const legal = legalSpreadingFactors(plan, bytes, slotUs);
        expect(legalSpreadingFactors(plan, bytes, slotUs + 1_000_000)).toEqual(expect.arrayContaining(legal));
      }),
    );
  });
});
