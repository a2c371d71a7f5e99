import { describe, expect, it } from 'vitest';
import { type ParsedRxpk, parseRxpk } from './rxpk.ts';

/** As lora_pkt_fwd of sx1302_hal V2.1.0 writes it, with GPS. */
const SX1302 = JSON.parse(
  '{"jver":1,"tmst":3512348611,"time":"2024-03-31T16:21:17.528002Z","tmms":1395937295528,"ftime":123456789,' +
    '"chan":2,"rfch":0,"freq":868.300000,"mid": 8,"stat":1,"modu":"LORA","datr":"SF9BW125","codr":"4/5",' +
    '"rssis":-98,"lsnr":-3.5,"foff":-742,"rssi":-94,"size":4,"data":"4FMBAg=="}',
) as Record<string, unknown>;

/** First packet of the example in PROTOCOL.md, made of LoRaWAN frames of a legacy sx1301. */
const SX1301 = JSON.parse(
  '{"time":"2013-03-31T16:21:17.528002Z","tmst":3512348611,"chan":2,"rfch":0,"freq":866.349812,"stat":1,"modu":"LORA",' +
    '"datr":"SF7BW125","codr":"4/6","rssi":-35,"lsnr":5.1,"size":32,"data":"-DS4CGaDCdG+48eJNM3Vai-zDpsR71Pn9CPA9uCON84"}',
) as Record<string, unknown>;

const parsed = (value: unknown): ParsedRxpk => {
  const result = parseRxpk(value);
  if (typeof result === 'string') throw new Error(result);
  return result;
};

describe('a received packet', () => {
  it('of an sx1302 with GPS keeps both RSSI conventions apart', () => {
    expect(parsed(SX1302)).toEqual({
      phyPayload: Uint8Array.of(0xe0, 0x53, 1, 2),
      frequencyHz: 868_300_000,
      spreadingFactor: 9,
      bandwidthHz: 125_000,
      counterUs: 3_512_348_611,
      rssiChannelDdbm: -940,
      rssiSignalDdbm: -980,
      snrDdb: -35,
      frequencyOffsetHz: -742,
      fineTimeNs: 123_456_789,
      gpsTimeNs: 1_395_937_295_528_000_000n,
    });
  });

  it('of a legacy sx1301 has channel RSSI only; its payload is unpadded and URL-safe', () => {
    const frame = parsed(SX1301);
    expect(frame).toMatchObject({ frequencyHz: 866_349_812, rssiChannelDdbm: -350, snrDdb: 51 });
    expect(frame.phyPayload).toEqual(
      new Uint8Array(Buffer.from('+DS4CGaDCdG+48eJNM3Vai+zDpsR71Pn9CPA9uCON84=', 'base64')),
    );
    for (const absent of ['rssiSignalDdbm', 'gpsTimeNs', 'fineTimeNs', 'frequencyOffsetHz', 'antennaIndex']) {
      expect(frame).not.toHaveProperty(absent);
    }
  });

  it('of a multi-board gateway speaks with its best antenna', () => {
    const { rssi: _, rssis: __, lsnr: ___, ...rest } = SX1302;
    const frame = parsed({
      ...rest,
      rsig: [
        { ant: 0, chan: 2, rssic: -110, lsnr: -9.2 },
        null,
        { ant: 1, chan: 2, rssic: -101, rssis: -102, lsnr: 2.8, ftime: 55 },
      ],
    });
    expect(frame).toMatchObject({
      antennaIndex: 1,
      rssiChannelDdbm: -1010,
      rssiSignalDdbm: -1020,
      snrDdb: 28,
      fineTimeNs: 55,
    });
  });

  it.each([
    ['rxpk_not_an_object', [1]],
    ['rxpk_not_an_object', null],
    ['rxpk_not_an_object', 'SF7BW125'],
    ['rxpk_not_lora', { ...SX1302, modu: 'FSK', datr: 50000 }],
    ['rxpk_not_lora', { ...SX1302, modu: 'Lora' }],
    ['rxpk_crc_not_ok', { ...SX1302, stat: -1 }],
    ['rxpk_crc_not_ok', { ...SX1302, stat: 0 }],
    ['rxpk_crc_not_ok', { ...SX1302, stat: '1' }],
    ['rxpk_data_rate', { ...SX1302, datr: 'SF13BW125' }],
    ['rxpk_data_rate', { ...SX1302, datr: 'sf9bw125' }],
    ['rxpk_data_rate', { ...SX1302, datr: 50000 }],
    ['rxpk_frequency', { ...SX1302, freq: '868.3' }],
    ['rxpk_frequency', { ...SX1302, freq: -868.3 }],
    ['rxpk_frequency', { ...SX1302, freq: 868_300_000 }],
    ['rxpk_counter', { ...SX1302, tmst: 4_294_967_296 }],
    ['rxpk_counter', { ...SX1302, tmst: 1.5 }],
    ['rxpk_counter', { ...SX1302, tmst: undefined }],
    ['rxpk_signal', { ...SX1302, rssi: undefined, rssis: undefined }],
    ['rxpk_signal', { ...SX1302, lsnr: undefined }],
    ['rxpk_signal', { ...SX1302, lsnr: 1e300 }],
    ['rxpk_payload', { ...SX1302, size: 5 }],
    ['rxpk_payload', { ...SX1302, data: '4FMB!g==' }],
    ['rxpk_payload', { ...SX1302, data: '' }],
    ['rxpk_payload', { ...SX1302, size: 257, data: 'A'.repeat(343) }],
    ['rxpk_payload', { ...SX1302, data: 'A'.repeat(100_000) }],
  ])('is refused as %s', (reason, value) => {
    expect(parseRxpk(value)).toBe(reason);
  });

  it('ignores optional fields that make no sense, and keeps the packet', () => {
    const frame = parsed({ ...SX1302, foff: 'x', ftime: 1e9, tmms: -1, rssis: null, ant: 1.5 });
    for (const absent of ['rssiSignalDdbm', 'gpsTimeNs', 'fineTimeNs', 'frequencyOffsetHz', 'antennaIndex']) {
      expect(frame).not.toHaveProperty(absent);
    }
  });
});
