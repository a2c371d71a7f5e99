import { ddb, ddbm } from '@sextant/firmware-bridge/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { highestImpliedNoiseDdbm, signalPowerDdbm } from './signal-power.ts';

const rssi = fc.integer({ min: -2000, max: 500 }).map(ddbm);
const snr = fc.integer({ min: -500, max: 500 }).map(ddb);
const sumDb = (snrDdb: number): number => 10 * Math.log10(1 + 10 ** (snrDdb / 100));

describe('signal power', () => {
  it('takes the signal RSSI as it is', () => {
    const reception = { rssiChannelDdbm: ddbm(-1000), rssiSignalDdbm: ddbm(-1075), snrDdb: ddb(-70) };
    expect(signalPowerDdbm(reception)).toBe(-1075);
  });

  it('is 3 dB below the channel RSSI at 0 dB SNR, and the channel RSSI well above the noise', () => {
    expect(signalPowerDdbm({ rssiChannelDdbm: ddbm(-1000), snrDdb: ddb(0) })).toBe(-1030);
    expect(signalPowerDdbm({ rssiChannelDdbm: ddbm(-600), snrDdb: ddb(120) })).toBe(-603);
    expect(signalPowerDdbm({ rssiChannelDdbm: ddbm(-1200), snrDdb: ddb(-200) })).toBe(-1400);
  });

  it('is within 0.05 dB of RSSI + SNR − 10 log10(1 + 10^(SNR/10)) and never falls as the SNR grows', () => {
    fc.assert(
      fc.property(rssi, snr, (rssiChannelDdbm, snrDdb) => {
        const power = signalPowerDdbm({ rssiChannelDdbm, snrDdb });
        expect(Math.abs(power / 10 - (rssiChannelDdbm + snrDdb) / 10 + sumDb(snrDdb))).toBeLessThan(0.0501);
        expect(signalPowerDdbm({ rssiChannelDdbm, snrDdb: ddb(snrDdb + 1) })).toBeGreaterThanOrEqual(power);
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses a reception without any RSSI', () => {
    expect(() => signalPowerDdbm({ snrDdb: ddb(0) })).toThrow(RangeError);
    expect(() => highestImpliedNoiseDdbm({ snrDdb: ddb(0) })).toThrow(RangeError);
  });
});

describe('implied noise', () => {
  it('is the higher of both conventions, each read from the RSSI meant for it', () => {
    fc.assert(
      fc.property(rssi, rssi, snr, (rssiChannelDdbm, rssiSignalDdbm, snrDdb) => {
        const both = highestImpliedNoiseDdbm({ rssiChannelDdbm, rssiSignalDdbm, snrDdb });
        const exactDb = Math.max(rssiChannelDdbm / 10 - sumDb(snrDdb), (rssiSignalDdbm - snrDdb) / 10);
        expect(Math.abs(both / 10 - exactDb)).toBeLessThan(0.0501);
      }),
      { numRuns: 2000 },
    );
  });

  it('of a single RSSI reads it both ways', () => {
    fc.assert(
      fc.property(rssi, snr, (value, snrDdb) => {
        const channel = highestImpliedNoiseDdbm({ rssiChannelDdbm: value, snrDdb });
        expect(highestImpliedNoiseDdbm({ rssiSignalDdbm: value, snrDdb })).toBe(channel);
        expect(channel).toBe(value - snrDdb);
      }),
    );
  });
});
