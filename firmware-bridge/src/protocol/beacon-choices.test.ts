import { describe, expect, it } from 'vitest';
import { type ChoiceInputs, findBeaconChoices } from './beacon-choices.ts';
import { REGION_PLANS } from './region-plans.ts';
import { ddbi, ddbm } from './units.ts';

const radio: ChoiceInputs['radio'] = {
  regionPlan: 'EU868',
  antennaGainDdbi: ddbi(30),
  txPowerLevelsDdbm: [ddbm(80), ddbm(130), ddbm(140), ddbm(270)],
};
const timing = { slotMs: 60_000, roundMs: 21_600_000 };

describe('beacon choices', () => {
  it('keep the declared levels whose EIRP the plan allows: 16 dBm in EU868', () => {
    expect(findBeaconChoices({ kind: 'hotspot', radio, timing })?.powerLevelsDdbm).toEqual([80, 130]);
  });

  it('keep the spreading factors that fit the dwell time, and SF7–SF9 for a survey device', () => {
    const us = { ...radio, regionPlan: 'US915_FSB2' } as const;
    expect(findBeaconChoices({ kind: 'hotspot', radio, timing })?.spreadingFactors).toEqual([7, 8, 9, 10, 11, 12]);
    expect(findBeaconChoices({ kind: 'hotspot', radio: us, timing })?.spreadingFactors).toEqual([7, 8, 9, 10]);
    expect(findBeaconChoices({ kind: 'survey_device', radio, timing })?.spreadingFactors).toEqual([7, 8, 9]);
  });

  it('keep the spreading factors whose airtime fits the slot', () => {
    // SF12 takes 1,483 ms for 23 bytes, SF11 741.
    const short = { slotMs: 1000, roundMs: 5000 };
    expect(findBeaconChoices({ kind: 'hotspot', radio, timing: short })?.spreadingFactors).toEqual([7, 8, 9, 10, 11]);
  });

  it('count the slots of a round and take the plan’s channels', () => {
    const choices = findBeaconChoices({ kind: 'hotspot', radio, timing });
    expect(choices?.slotsPerRound).toBe(360);
    expect(choices?.channelsHz).toEqual(REGION_PLANS.EU868.beaconChannelsHz);
  });

  it('are absent where no level is legal and where the plan allows no beacons', () => {
    expect(findBeaconChoices({ kind: 'hotspot', radio: { ...radio, txPowerLevelsDdbm: [] }, timing })).toBeUndefined();
    expect(
      findBeaconChoices({ kind: 'hotspot', radio: { ...radio, antennaGainDdbi: ddbi(90) }, timing }),
    ).toBeUndefined();
    expect(findBeaconChoices({ kind: 'hotspot', radio: { ...radio, regionPlan: 'KR920' }, timing })).toBeUndefined();
  });
});
