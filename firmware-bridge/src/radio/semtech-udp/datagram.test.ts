import { describe, expect, it } from 'vitest';
import { encodeAck, encodePullResp, parseDatagram } from './datagram.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

describe('datagrams of PROTOCOL.md', () => {
  it('reads the three kinds a gateway sends', () => {
    expect(parseDatagram(bytes('02 abcd 00 AA555A0000000101 7b7d'))).toEqual({
      kind: 'push_data',
      token: 0xabcd,
      eui: 'aa555a0000000101',
      body: bytes('7b7d'),
    });
    expect(parseDatagram(bytes('02 0001 02 0000000000000001'))).toMatchObject({
      kind: 'pull_data',
      token: 1,
      eui: '0000000000000001',
    });
    expect(parseDatagram(bytes('02 ffff 05 AA555A0000000101'))).toMatchObject({ kind: 'tx_ack', token: 0xffff });
  });

  it('reads them inside a larger buffer', () => {
    const buffer = bytes('00 00 02 abcd 02 AA555A0000000101');
    expect(parseDatagram(buffer.subarray(2))).toMatchObject({ token: 0xabcd, eui: 'aa555a0000000101' });
  });

  it('names what is no message of a gateway', () => {
    expect(parseDatagram(bytes('02 abcd 00 AA555A00000001'))).toBe('too_short');
    expect(parseDatagram(bytes(''))).toBe('too_short');
    expect(parseDatagram(bytes('01 abcd 00 AA555A0000000101'))).toBe('wrong_version');
    for (const kind of ['01', '03', '04', '06', 'ff']) {
      expect(parseDatagram(bytes(`02 abcd ${kind} AA555A0000000101`)), kind).toBe('unknown_kind');
    }
  });

  it('acknowledges with four bytes that echo the token', () => {
    expect(encodeAck('push_ack', 0xabcd)).toEqual(bytes('02 abcd 01'));
    expect(encodeAck('pull_ack', 0x0001)).toEqual(bytes('02 0001 04'));
  });

  it('makes no PULL_RESP above 999 bytes', () => {
    expect(encodePullResp(0x1234, 'x'.repeat(995))).toHaveLength(999);
    expect(encodePullResp(0x1234, 'x'.repeat(996))).toBeUndefined();
    expect(encodePullResp(0x1234, `${'x'.repeat(994)}é`)).toBeUndefined();
    expect(encodePullResp(0x1234, '{}')).toEqual(bytes('02 1234 03 7b7d'));
  });
});
