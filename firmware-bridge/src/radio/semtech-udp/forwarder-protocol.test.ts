import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../clock/index.ts';
import type { GatewayListener } from '../gateway-driver.ts';
import { parseGatewayEui } from '../gateway-eui.ts';
import { ForwarderProtocol } from './forwarder-protocol.ts';
import { DEFAULT_GATEWAY_SETTINGS } from './gateway-settings.ts';
import { KnownGateways } from './known-gateways.ts';
import { PendingAnswers } from './pending-answers.ts';
import { RefusalCounts } from './refusal-counts.ts';

const KNOWN = 'aa555a0000000001';
const FROM = { address: '127.0.0.1', port: 40_000 };

interface Rig {
  readonly protocol: ForwarderProtocol;
  readonly gateways: KnownGateways;
  /** Numbers of what came out. */
  readonly out: { replies: number; frames: number; readings: number; warnings: number };
}

function rig(): Rig {
  const out = { replies: 0, frames: 0, readings: 0, warnings: 0 };
  const listener: GatewayListener = {
    frameReceived: () => void out.frames++,
    statusReceived: () => void out.readings++,
    warned: () => void out.warnings++,
    gatewaySeen: () => undefined,
    gatewayLost: () => undefined,
  };
  const clock = createManualClock();
  const gateways = new KnownGateways({ expiryMs: 60_000 }, { clock, onSeen: () => undefined, onLost: () => undefined });
  const protocol = new ForwarderProtocol({
    clock,
    gateways,
    listener,
    pending: new PendingAnswers({ clock, randomToken: () => 0 }),
    refusals: new RefusalCounts(pino({ level: 'silent' })),
    settingsFor: (eui) => (eui === KNOWN ? DEFAULT_GATEWAY_SETTINGS : undefined),
    reply: () => void out.replies++,
  });
  return { protocol, gateways, out };
}

const datagram = (kind: number, eui: string, body: string): Uint8Array =>
  new Uint8Array(Buffer.concat([Buffer.from([2, 0x12, 0x34, kind]), Buffer.from(eui, 'hex'), Buffer.from(body)]));

const RXPK =
  '{"jver":1,"tmst":3512348611,"tmms":1395937295528,"chan":2,"rfch":0,"freq":868.300000,"mid": 8,"stat":1,"modu":"LORA",' +
  '"datr":"SF9BW125","codr":"4/5","rssis":-98,"lsnr":-3.5,"foff":-742,"rssi":-94,"size":4,"data":"4FMBAg=="}';
const STAT =
  '"stat":{"time":"2014-01-12 08:59:28 GMT","lati":46.24,"long":3.25,"rxnb":2,"txnb":2,"temp":23.2,"pfrm":"x"}';
const VALID = [
  datagram(0, KNOWN, `{"rxpk":[${RXPK},${RXPK}],${STAT}}`),
  datagram(2, KNOWN, ''),
  datagram(5, KNOWN, '{"txpk_ack":{"warn":"TX_POWER","value":27}}'),
];

describe('hostile datagrams', () => {
  it('that are valid ones with damage never throw, and never make more than their length allows', () => {
    const { protocol, out, gateways } = rig();
    const damage = fc.record({
      original: fc.constantFrom(...VALID),
      flips: fc.array(fc.tuple(fc.nat(700), fc.nat(255)), { maxLength: 8 }),
      cutAt: fc.nat(700),
      repeat: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(damage, ({ original, flips, cutAt, repeat }) => {
        const bytes = Buffer.concat(Array<Uint8Array>(repeat).fill(original)).subarray(0, Math.max(cutAt, 12));
        for (const [at, value] of flips) bytes[at % bytes.length] = value;
        const before = { ...out };
        protocol.handle(bytes, FROM);
        expect(out.replies - before.replies).toBeLessThanOrEqual(1);
        expect(out.frames - before.frames).toBeLessThanOrEqual(2);
        expect(out.readings - before.readings).toBeLessThanOrEqual(1);
      }),
      { numRuns: 2_000 },
    );
    expect(gateways.all().length).toBeLessThanOrEqual(1);
    expect(out.frames).toBeGreaterThan(0);
  });

  it('from any number of strangers are all acknowledged, take no memory, and are shown 256 times', () => {
    const { protocol, out, gateways } = rig();
    for (let i = 0; i < 10_000; i++) {
      const eui = parseGatewayEui((0x1000 + i).toString(16).padStart(16, '0')) ?? expect.fail();
      protocol.handle(datagram(2, eui, ''), FROM);
    }
    expect(out.replies).toBe(10_000);
    expect(out.warnings).toBe(256);
    expect(gateways.all()).toEqual([]);
  });

  it('from another machine are used and shown once', () => {
    const { protocol, out } = rig();
    for (let i = 0; i < 3; i++) protocol.handle(datagram(2, KNOWN, ''), { address: '192.0.2.7', port: 1700 });
    expect(out).toEqual({ replies: 3, frames: 0, readings: 0, warnings: 1 });
  });
});
