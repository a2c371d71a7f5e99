import { describe, expect, it } from 'vitest';
import {
  type BeaconFacts,
  cellDistance,
  distanceM,
  distancesBetween,
  findWitnessRefusal,
  isTooLate,
  strongestSignalDbm,
  type WitnessFacts,
} from './witness-checks.ts';

const hex = (index: string): string => BigInt(index).toString(16);
/** Places and expectations of the published tests: helium/oracles, iot_verifier/src/poc.rs, mod tests. */
const EALING = hex('644459695463521437');
const FINSBURY_PARK = hex('644460986971331488');
const MALTA = hex('631615575095659519');
const MALTA_OFF = hex('631615576056478207');
const ARMENIA = hex('631278052025960447');
const SEVEN_CELLS = hex('627111975468974079');
const MANY_CELLS = hex('627111975465463807');

const beacon: BeaconFacts = {
  location: MALTA,
  gainDdbi: 80,
  txPowerDbm: 27,
  frequencyHz: 904_700_032,
  receivedMs: 0,
};
const witness: WitnessFacts = {
  location: MALTA_OFF,
  gainDdbi: 12,
  signalDdbm: -1060,
  frequencyHz: 904_700_032,
  receivedMs: 500,
};
const judge = (changed: Partial<WitnessFacts>, firstWitnessMs = 100) => {
  const report = { ...witness, ...changed };
  const distances = distancesBetween(beacon.location, report.location);
  return findWitnessRefusal(beacon, report, { firstWitnessMs, distances });
};

describe('the published witness checks', () => {
  it('measure what the published tests expect', () => {
    expect(distanceM(EALING, FINSBURY_PARK)).toBe(14_318);
    expect(cellDistance(EALING, FINSBURY_PARK)).toBe(360);
    const near = { ...beacon, txPowerDbm: 12, gainDdbi: 81, frequencyHz: 867_900_024 };
    const far = { ...witness, gainDdbi: 83, frequencyHz: 867_900_024 };
    expect(strongestSignalDbm(near, far, 508)).toBeCloseTo(-57.334232963418515, 9);
  });

  it('accept and refuse what the published tests do', () => {
    expect(judge({})).toBeUndefined();
    expect(judge({ location: SEVEN_CELLS })).toBe('below_min_distance');
    expect(judge({ location: MANY_CELLS, signalDdbm: -1100 })).toBeUndefined();
    expect(judge({ location: ARMENIA })).toBeDefined();
    expect(judge({ signalDdbm: -19 })).toBe('bad_rssi');
    expect(judge({ frequencyHz: 904_700_032 + 100_000 })).toBeUndefined();
    expect(judge({ frequencyHz: 904_700_032 + 110_000 })).toBe('invalid_frequency');
  });

  it('have no margin below free space and none above', () => {
    const metres = distanceM(MALTA, MALTA_OFF);
    const limit = strongestSignalDbm(beacon, witness, metres) * 10;
    expect(judge({ signalDdbm: Math.floor(limit) })).toBeUndefined();
    expect(judge({ signalDdbm: Math.ceil(limit) })).toBe('bad_rssi');
    expect(judge({ signalDdbm: -2000 })).toBeUndefined();
  });

  it('cut gains to whole dB towards zero', () => {
    const with19 = strongestSignalDbm({ ...beacon, gainDdbi: 19 }, { ...witness, gainDdbi: -19 }, 5_000);
    expect(with19).toBeCloseTo(strongestSignalDbm({ ...beacon, gainDdbi: 10 }, { ...witness, gainDdbi: -10 }, 5_000));
  });

  it('count whole kilometres: 100.9 are no more than 100', () => {
    const context = (metres: number) => ({ firstWitnessMs: 0, distances: { metres, cells: 2000 } });
    expect(findWitnessRefusal(beacon, { ...witness, signalDdbm: -1400 }, context(100_999))).toBeUndefined();
    expect(findWitnessRefusal(beacon, { ...witness, signalDdbm: -1400 }, context(101_000))).toBe(
      'max_distance_exceeded',
    );
  });

  it('give 4 s after a beacon that came first, else 1.5 s after the first witness', () => {
    expect(isTooLate(0, 10, 4_000)).toBe(false);
    expect(isTooLate(0, 10, 4_001)).toBe(true);
    expect(isTooLate(50, 10, 1_510)).toBe(false);
    expect(isTooLate(50, 10, 1_511)).toBe(true);
  });
});
