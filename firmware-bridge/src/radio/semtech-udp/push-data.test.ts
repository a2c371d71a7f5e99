import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePushData } from './push-data.ts';

const body = (json: string): Uint8Array => new Uint8Array(Buffer.from(json));
const LORA =
  '{"tmst":1,"freq":868.1,"stat":1,"modu":"LORA","datr":"SF7BW125","rssi":-90,"lsnr":7,"size":1,"data":"4A=="}';
const FSK = '{"tmst":2,"freq":868.8,"stat":1,"modu":"FSK","datr":50000,"rssi":-75,"size":1,"data":"VA=="}';

describe('the body of a PUSH_DATA', () => {
  it('keeps the good packets of a datagram with an odd one', () => {
    const { frames, refusals } = parsePushData(body(`{"rxpk":[${LORA},${FSK},7,${LORA}]}`));
    expect(frames).toHaveLength(2);
    expect(refusals).toEqual(['rxpk_not_lora', 'rxpk_not_an_object']);
  });

  it('keeps the status when the packets are nonsense, and the other way round', () => {
    expect(parsePushData(body('{"rxpk":{},"stat":{"rxnb":2}}'))).toEqual({
      frames: [],
      stat: { framesReceived: 2, gatewaySoftware: '', hasPosition: false },
      refusals: ['rxpk_not_an_array'],
    });
    const { frames, refusals } = parsePushData(body(`{"rxpk":[${LORA}],"stat":[]}`));
    expect(frames).toHaveLength(1);
    expect(refusals).toEqual(['stat_not_an_object']);
  });

  it('reads the status of PROTOCOL.md, with what forks add; the position is only noticed', () => {
    const stat =
      '{"stat":{"time":"2014-01-12 08:59:28 GMT","lati":46.24000,"long":3.25230,"alti":145,"rxnb":2,"rxok":2,"rxfw":2,' +
      '"ackr":100.0,"dwnb":2,"txnb":2,"temp":23.2,"pfrm":"RAK \\u001b[31m2287\\n","mail":"a@b"}}';
    expect(parsePushData(body(stat)).stat).toEqual({
      framesReceived: 2,
      framesSent: 2,
      temperatureDc: 232,
      gatewaySoftware: 'RAK [31m2287',
      hasPosition: true,
    });
  });

  it('cuts untrusted text to 64 bytes at a whole character, and drops a temperature that is none', () => {
    const { stat } = parsePushData(body(JSON.stringify({ stat: { pfrm: 'é'.repeat(40), temp: -274 } })));
    expect(stat).toEqual({ gatewaySoftware: 'é'.repeat(32), hasPosition: false });
  });

  it('reads 255 packets and counts that there were more', () => {
    const { frames, refusals } = parsePushData(body(`{"rxpk":[${Array(300).fill(LORA).join(',')}]}`));
    expect(frames).toHaveLength(255);
    expect(refusals).toEqual(['rxpk_too_many']);
  });

  it('survives the deepest nesting a datagram can hold', () => {
    expect(parsePushData(body('['.repeat(65_495))).refusals).toEqual(['json']);
    expect(parsePushData(body(`{"rxpk":${'['.repeat(32_000)}${']'.repeat(32_000)}}`)).frames).toEqual([]);
  });

  it('takes any bytes without throwing, and names what it drops', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        expect(parsePushData(bytes).refusals).toEqual(['json']);
      }),
      { examples: [[Uint8Array.of()], [Uint8Array.of(0, 0, 0)]] },
    );
  });

  it('takes any JSON without throwing', () => {
    const field = fc.constantFrom('rxpk', 'stat', 'modu', 'datr', 'freq', 'tmst', 'rsig', 'lsnr', 'data', '__proto__');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 5 }, fc.jsonValue(), fc.dictionary(field, tie('tree')), fc.array(tie('tree'))),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const { frames } = parsePushData(body(JSON.stringify({ rxpk: [value], stat: value })));
        expect(frames.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
