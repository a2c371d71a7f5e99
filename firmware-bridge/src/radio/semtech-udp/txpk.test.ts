import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hertz, REGION_PLAN_NAMES, REGION_PLANS } from '../../protocol/index.ts';
import { encodePullResp } from './datagram.ts';
import { encodeTxpk } from './txpk.ts';

const KHZ_125 = hertz(125_000);

const txpk = (frequencyHz: number): Record<string, unknown> => {
  const frame = { phyPayload: Uint8Array.of(0xe0, 0x53), spreadingFactor: 9, bandwidthHz: KHZ_125 };
  const json = JSON.parse(encodeTxpk({ ...frame, frequencyHz: hertz(frequencyHz) }, 14)) as {
    txpk: Record<string, unknown>;
  };
  return json.txpk;
};

describe('the request to send a beacon', () => {
  it('has every field a packet forwarder wants, and none it must not have', () => {
    expect(txpk(868_300_000)).toEqual({
      imme: true,
      freq: 868.3,
      rfch: 0,
      powe: 14,
      modu: 'LORA',
      datr: 'SF9BW125',
      codr: '4/5',
      ipol: false,
      prea: 8,
      size: 2,
      data: '4FM=',
    });
  });

  it('survives the truncation of uint32(1e6 × freq) on every frequency', () => {
    const truncated = (frequencyHz: number): number => Math.trunc(1e6 * (txpk(frequencyHz)['freq'] as number));
    for (const name of REGION_PLAN_NAMES) {
      for (const frequencyHz of REGION_PLANS[name].beaconChannelsHz) expect(truncated(frequencyHz)).toBe(frequencyHz);
    }
    fc.assert(
      fc.property(fc.integer({ min: 137_000_000, max: 1_020_000_000 }), (frequencyHz) => {
        expect(truncated(frequencyHz)).toBe(frequencyHz);
      }),
    );
  });

  it('fits a PULL_RESP with the largest frame', () => {
    const largest = { phyPayload: new Uint8Array(255), spreadingFactor: 12, bandwidthHz: KHZ_125 };
    const json = encodeTxpk({ ...largest, frequencyHz: hertz(868_062_500) }, -10);
    expect(encodePullResp(0, json)).toBeDefined();
  });
});
