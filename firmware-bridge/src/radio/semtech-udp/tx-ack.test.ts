import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTxAck } from './tx-ack.ts';

const ack = (text: string): ReturnType<typeof parseTxAck> => parseTxAck(new Uint8Array(Buffer.from(text)));

describe('what a TX_ACK says', () => {
  it.each(['', '\0', '{}', '{"txpk_ack":{}}', '{"txpk_ack":{"error":""}}', '{"txpk_ack":{"error":"NONE"}}\0'])(
    'is accepted: %j',
    (text) => expect(ack(text)).toEqual({ kind: 'accepted' }),
  );

  it('carries the power really used, as a number or as text', () => {
    expect(ack('{"txpk_ack":{"warn":"TX_POWER","value":27}}')).toEqual({ kind: 'accepted', correctedPowerDbm: 27 });
    expect(ack('{"txpk_ack":{"warn":"TX_POWER","value":"-3"}}')).toEqual({ kind: 'accepted', correctedPowerDbm: -3 });
    expect(ack('{"txpk_ack":{"warn":"TX_POWER"}}')).toEqual({ kind: 'accepted' });
    expect(ack('{"txpk_ack":{"warn":"OTHER","value":27}}')).toEqual({ kind: 'accepted' });
  });

  it('carries the moment of sending where a forwarder tells it', () => {
    expect(ack('{"txpk_ack":{"error":"NONE","tmst":4294967295}}')).toEqual({
      kind: 'accepted',
      counterUs: 4_294_967_295,
    });
  });

  it.each([
    ['TOO_LATE', 'too_late'],
    ['TOO_EARLY', 'too_early'],
    ['COLLISION_PACKET', 'collision'],
    ['COLLISION_BEACON', 'collision'],
    ['TX_FREQ', 'tx_freq'],
    ['TX_POWER', 'tx_power'],
    ['GPS_UNLOCKED', 'gps_unlocked'],
    ['UNKNOWN', 'gateway_error'],
    ['toString', 'gateway_error'],
  ])('%s is refused as %s', (error, reason) => {
    expect(ack(`{"txpk_ack":{"error":"${error}"}}`)).toEqual({ kind: 'refused', reason, gatewayText: error });
  });

  it('is not trusted to have sent when it cannot be read', () => {
    for (const text of ['{', '[]', 'null', '{"txpk_ack":']) {
      expect(ack(text)).toMatchObject({ kind: 'refused', reason: 'gateway_error' });
    }
    fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => void parseTxAck(bytes)));
  });
});
