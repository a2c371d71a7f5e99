import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createManualClock, type ManualClock } from '../../clock/index.ts';
import { ddbm, hertz, unixMs } from '../../protocol/index.ts';
import type {
  GatewayListener,
  GatewayReading,
  GatewayWarning,
  ReceivedFrame,
  TransmitRequest,
} from '../gateway-driver.ts';
import { type GatewayEui, parseGatewayEui } from '../gateway-eui.ts';
import { DEFAULT_GATEWAY_SETTINGS, type GatewaySettings } from './gateway-settings.ts';
import { DEFAULT_SEMTECH_UDP_OPTIONS, SemtechUdpDriver, type SemtechUdpOptions } from './semtech-udp-driver.ts';

const EUI = eui('aa555a0000000001');
const STRANGER = eui('aa555a00000000ff');
const RXPK =
  '{"tmst":1000,"freq":868.1,"stat":1,"modu":"LORA","datr":"SF7BW125","rssi":-90,"rssis":-95,"lsnr":7,"size":1,"data":"4A=="}';
const REQUEST: TransmitRequest = {
  phyPayload: Uint8Array.of(0xe0, 0x53),
  frequencyHz: hertz(868_100_000),
  spreadingFactor: 7,
  bandwidthHz: hertz(125_000),
  txPowerDdbm: ddbm(140),
  maxTxPowerDdbm: ddbm(140),
};

function eui(text: string): GatewayEui {
  return parseGatewayEui(text) ?? expect.fail(text);
}

/** What the driver told, in order. */
class Told implements GatewayListener {
  readonly frames: ReceivedFrame[] = [];
  readonly readings: GatewayReading[] = [];
  readonly warnings: GatewayWarning[] = [];
  readonly presence: string[] = [];
  frameReceived(frame: ReceivedFrame): void {
    this.frames.push(frame);
  }
  statusReceived(reading: GatewayReading): void {
    this.readings.push(reading);
  }
  warned(warning: GatewayWarning): void {
    this.warnings.push(warning);
  }
  gatewaySeen(seen: GatewayEui): void {
    this.presence.push(`+${seen}`);
  }
  gatewayLost(lost: GatewayEui): void {
    this.presence.push(`-${lost}`);
  }
}

const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const advance = (clock: ManualClock, byMs: number): Promise<void> => clock.advanceTo(unixMs(clock.now() + byMs));

interface Rig {
  readonly driver: SemtechUdpDriver;
  readonly told: Told;
  readonly clock: ManualClock;
}

async function rig(options: Partial<SemtechUdpOptions> = {}, settings: Partial<GatewaySettings> = {}): Promise<Rig> {
  const clock = createManualClock();
  const told = new Told();
  let token = 0xffff;
  const driver = new SemtechUdpDriver(
    { ...DEFAULT_SEMTECH_UDP_OPTIONS, port: 0, ...options },
    {
      clock,
      logger: pino({ level: 'silent' }),
      randomToken: () => token--,
      settingsFor: (asked) => (asked === EUI ? { ...DEFAULT_GATEWAY_SETTINGS, ...settings } : undefined),
    },
  );
  await driver.start(told);
  cleanups.push(() => driver.stop());
  return { driver, told, clock };
}

/** One socket of a gateway. */
class Gateway {
  readonly #socket: Socket;
  readonly #port: number;
  readonly received: Buffer[] = [];

  constructor(socket: Socket, port: number) {
    this.#socket = socket;
    this.#port = port;
    socket.on('message', (bytes) => this.received.push(bytes));
  }

  send(kind: number, token: number, body: string | Uint8Array = '', from: GatewayEui = EUI): void {
    const header = Buffer.from([2, token >> 8, token & 0xff, kind]);
    this.#socket.send(Buffer.concat([header, Buffer.from(from, 'hex'), Buffer.from(body)]), this.#port, '127.0.0.1');
  }

  sendRaw(bytes: Uint8Array): void {
    this.#socket.send(bytes, this.#port, '127.0.0.1');
  }

  /** The next datagram that has not been taken. */
  async next(): Promise<Buffer> {
    await vi.waitFor(() => expect(this.received.length).toBeGreaterThan(0), { interval: 1 });
    return this.received.shift() as Buffer;
  }
}

async function gateway(driver: SemtechUdpDriver): Promise<Gateway> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  cleanups.push(() => void socket.close());
  return new Gateway(socket, driver.port());
}

const PUSH_DATA = 0;
const PULL_DATA = 2;
const TX_ACK = 5;

async function connected(driver: SemtechUdpDriver): Promise<Gateway> {
  const down = await gateway(driver);
  down.send(PULL_DATA, 1);
  expect(await down.next()).toEqual(Buffer.from([2, 0, 1, 4]));
  return down;
}

describe('receiving', () => {
  it('acknowledges a PUSH_DATA and passes its frame on, with both RSSI conventions', async () => {
    const { driver, told, clock } = await rig();
    const up = await gateway(driver);
    up.send(PUSH_DATA, 0xbeef, `{"rxpk":[${RXPK}]}`);
    expect(await up.next()).toEqual(Buffer.from([2, 0xbe, 0xef, 1]));
    expect(told.presence).toEqual([`+${EUI}`]);
    expect(told.frames).toEqual([
      {
        eui: EUI,
        phyPayload: Uint8Array.of(0xe0),
        frequencyHz: 868_100_000,
        spreadingFactor: 7,
        bandwidthHz: 125_000,
        rssiChannelDdbm: -900,
        rssiSignalDdbm: -950,
        snrDdb: 70,
        receivedAtMs: clock.now(),
        gatewayTimeUs: 1000,
      },
    ]);
  });

  it('acknowledges what it cannot read, and counts it', async () => {
    const { driver, told } = await rig();
    const up = await gateway(driver);
    up.send(PUSH_DATA, 7, 'no json');
    expect(await up.next()).toEqual(Buffer.from([2, 0, 7, 1]));
    expect(told.frames).toEqual([]);
    expect(driver.refusals()).toEqual(new Map([['json', 1]]));
  });

  it('acknowledges a stranger, shows it once, counts it, and takes nothing from it', async () => {
    const { driver, told } = await rig();
    const strange = await gateway(driver);
    strange.send(PULL_DATA, 1, '', STRANGER);
    expect(await strange.next()).toEqual(Buffer.from([2, 0, 1, 4]));
    strange.send(PUSH_DATA, 2, `{"rxpk":[${RXPK}]}`, STRANGER);
    expect(await strange.next()).toEqual(Buffer.from([2, 0, 2, 1]));
    expect(told.warnings.map(({ kind, eui: of }) => [kind, of])).toEqual([['unknown_gateway', STRANGER]]);
    expect(driver.refusals()).toEqual(new Map([['unknown_gateway', 2]]));
    expect(told.frames).toEqual([]);
    expect(driver.gateways()).toEqual([]);
    expect(await driver.transmit(STRANGER, REQUEST)).toMatchObject({ outcome: 'refused', reason: 'unknown_gateway' });
  });

  it('reads the largest datagram UDP can carry on loopback', async () => {
    const { driver, told } = await rig();
    const up = await gateway(driver);
    const packets = `[${Array(255).fill(RXPK).join(',')}]`;
    const body = `{"rxpk":${packets}${' '.repeat(65_507 - 12 - 9 - packets.length)}}`;
    up.send(PUSH_DATA, 1, body);
    await up.next();
    expect(told.frames).toHaveLength(255);
  });

  it('warns once of a position without GPS time, again after GPS was there', async () => {
    const { driver, told } = await rig();
    const up = await gateway(driver);
    const push = async (body: string): Promise<void> => {
      up.send(PUSH_DATA, 1, body);
      await up.next();
    };
    const stat = '{"stat":{"lati":48.1,"long":11.5,"rxnb":3,"txnb":1,"temp":31.27}}';
    await push(stat);
    expect(told.warnings).toEqual([]);
    await push(`{"rxpk":[${RXPK}]}`);
    await push(stat);
    await push(stat);
    expect(told.warnings.map(({ kind }) => kind)).toEqual(['position_without_gps_time']);
    await push(`{"rxpk":[${RXPK.replace('{', '{"tmms":1395937295528,')}]}`);
    await push(stat);
    await push(`{"rxpk":[${RXPK}]}`);
    await push(stat);
    expect(told.warnings).toHaveLength(2);
    expect(told.readings.map(({ gpsLock }) => gpsLock)).toEqual([false, false, false, true, false]);
    expect(told.readings[0]).toMatchObject({ framesReceived: 3, framesSent: 1, temperatureDc: 313 });
  });

  it('tells that a gateway is lost after a minute of silence, and that it is back', async () => {
    const { driver, told, clock } = await rig();
    const down = await connected(driver);
    await advance(clock, 59_000);
    down.send(PULL_DATA, 2);
    await down.next();
    await advance(clock, 59_999);
    expect(driver.gateways()).toMatchObject([{ eui: EUI, connected: true, canTransmit: true }]);
    await advance(clock, 1);
    expect(told.presence).toEqual([`+${EUI}`, `-${EUI}`]);
    expect(driver.gateways()).toMatchObject([{ connected: false }]);
    expect(await driver.transmit(EUI, REQUEST)).toMatchObject({ reason: 'not_connected', maybeSent: false });
    down.send(PULL_DATA, 3);
    await down.next();
    expect(told.presence).toEqual([`+${EUI}`, `-${EUI}`, `+${EUI}`]);
  });

  it('lives on after any datagram', async () => {
    const { driver, told } = await rig();
    const hostile = await gateway(driver);
    const header = fc.tuple(
      fc.constantFrom(0, 1, 2, 2, 2, 3),
      fc.nat(0xffff),
      fc.nat(6),
      fc.constantFrom(EUI, EUI, STRANGER),
    );
    const datagram = fc.tuple(header, fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.json(), fc.constant(RXPK)));
    fc.assert(
      fc.property(fc.array(datagram, { maxLength: 20 }), (datagrams) => {
        for (const [[version, token, kind, from], body] of datagrams) {
          const bytes = Buffer.from([version, token >> 8, token & 0xff, kind]);
          hostile.sendRaw(Buffer.concat([bytes, Buffer.from(from, 'hex'), Buffer.from(body)]));
        }
      }),
      { numRuns: 40 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => hostile.sendRaw(bytes)));
    const up = await gateway(driver);
    await vi.waitFor(
      () => {
        up.send(PUSH_DATA, 9, `{"rxpk":[${RXPK}]}`);
        expect(up.received.length).toBeGreaterThan(0);
      },
      { interval: 5 },
    );
    await vi.waitFor(() => expect(told.frames.length).toBeGreaterThan(0));
  });
});

describe('transmitting', () => {
  it('goes to where the latest PULL_DATA came from; the answer may come from the other socket', async () => {
    const { driver, clock } = await rig();
    const old = await connected(driver);
    const down = await connected(driver);
    const up = await gateway(driver);
    up.send(PUSH_DATA, 3, '{"stat":{}}');
    await up.next();
    const result = driver.transmit(EUI, REQUEST);
    const request = await down.next();
    expect(request.subarray(0, 4)).toEqual(Buffer.from([2, 0xff, 0xff, 3]));
    expect(JSON.parse(request.subarray(4).toString())).toMatchObject({ txpk: { powe: 14, freq: 868.1, ipol: false } });
    up.send(TX_ACK, 0xffff);
    expect(await result).toEqual({ outcome: 'sent', sentAtMs: clock.now(), actualPowerDdbm: 140 });
    expect(old.received).toEqual([]);
  });

  it('matches answers by token and EUI: a stranger, a wrong token and a repeat change nothing', async () => {
    const { driver } = await rig();
    const down = await connected(driver);
    const result = driver.transmit(EUI, REQUEST);
    await down.next();
    down.send(TX_ACK, 0xffff, '{"txpk_ack":{"error":"TX_FREQ"}}', STRANGER);
    down.send(TX_ACK, 0xfffe, '{"txpk_ack":{"error":"TX_FREQ"}}');
    down.send(TX_ACK, 0xffff);
    expect(await result).toMatchObject({ outcome: 'sent' });
    down.send(TX_ACK, 0xffff, '{"txpk_ack":{"error":"TX_FREQ"}}');
    await vi.waitFor(() => expect(driver.refusals().get('unexpected_tx_ack')).toBe(2));
  });

  it('gives up on a silent gateway after 5 s, and says that the frame may be out', async () => {
    const { driver, clock } = await rig();
    const down = await connected(driver);
    const result = driver.transmit(EUI, REQUEST);
    await down.next();
    await advance(clock, 4_999);
    await advance(clock, 1);
    expect(await result).toMatchObject({ outcome: 'refused', reason: 'no_answer', maybeSent: true });
  });

  it('says where to widen the range when a US915 gateway refuses the frequency', async () => {
    const { driver } = await rig();
    const down = await connected(driver);
    const result = driver.transmit(EUI, { ...REQUEST, frequencyHz: hertz(904_300_000) });
    await down.next();
    down.send(TX_ACK, 0xffff, '{"txpk_ack":{"error":"TX_FREQ"}}');
    const refused = await result;
    expect(refused).toMatchObject({ outcome: 'refused', reason: 'tx_freq', maybeSent: false });
    expect(refused).toHaveProperty('advice', expect.stringContaining('904.3 MHz'));
    expect(refused).toHaveProperty('advice', expect.stringContaining('902–928 MHz'));
  });

  it('adds the gain the forwarder will subtract, once', async () => {
    const { driver } = await rig({}, { forwarderAntennaGainDbi: 3 });
    const down = await connected(driver);
    const result = driver.transmit(EUI, REQUEST);
    expect(JSON.parse((await down.next()).subarray(4).toString())).toMatchObject({ txpk: { powe: 17 } });
    // The warned value is a level of the gain table, conducted.
    down.send(TX_ACK, 0xffff, '{"txpk_ack":{"warn":"TX_POWER","value":13}}');
    expect(await result).toMatchObject({ outcome: 'sent', actualPowerDdbm: 130 });
    expect(driver.gateways()).toMatchObject([{ powerLevelsDdbm: [130] }]);
  });

  it('never asks for a fraction more than wanted, nor claims a power the gateway does not tell', async () => {
    const { driver } = await rig({}, { reportsPowerCorrections: false });
    const down = await connected(driver);
    const result = driver.transmit(EUI, { ...REQUEST, txPowerDdbm: ddbm(139) });
    expect(JSON.parse((await down.next()).subarray(4).toString())).toMatchObject({ txpk: { powe: 13 } });
    down.send(TX_ACK, 0xffff);
    expect(await result).not.toHaveProperty('actualPowerDdbm');
  });

  it('refuses what no forwarder could send, and a gateway that must only listen', async () => {
    const { driver } = await rig();
    await connected(driver);
    for (const wrong of [
      { phyPayload: new Uint8Array(0) },
      { phyPayload: new Uint8Array(256) },
      { spreadingFactor: 13 },
      { frequencyHz: hertz(868.1) },
      { txPowerDdbm: ddbm(Number.NaN) },
    ]) {
      expect(await driver.transmit(EUI, { ...REQUEST, ...wrong })).toMatchObject({ reason: 'invalid_request' });
    }
    const listening = await rig({}, { canTransmit: false });
    expect(await listening.driver.transmit(EUI, REQUEST)).toMatchObject({ reason: 'cannot_transmit' });
  });

  it('lets 32 requests of a gateway wait and refuses the next', async () => {
    const { driver, clock } = await rig();
    await connected(driver);
    const waiting = Array.from({ length: 32 }, () => driver.transmit(EUI, REQUEST));
    expect(await driver.transmit(EUI, REQUEST)).toMatchObject({ reason: 'busy' });
    await advance(clock, 5_000);
    for (const result of await Promise.all(waiting)) expect(result).toMatchObject({ reason: 'no_answer' });
  });

  it('ends what waits when it stops, and leaves no timer behind', async () => {
    const { driver, clock, told } = await rig();
    await connected(driver);
    const result = driver.transmit(EUI, REQUEST);
    await driver.stop();
    expect(await result).toMatchObject({ outcome: 'refused', reason: 'stopped', maybeSent: true });
    await advance(clock, 120_000);
    expect(told.presence).toEqual([`+${EUI}`]);
    expect(await driver.transmit(EUI, REQUEST)).toMatchObject({ reason: 'stopped' });
  });
});

describe('listening', () => {
  it('refuses an address beyond this machine unless that is asked for', async () => {
    await expect(rig({ address: '0.0.0.0' })).rejects.toMatchObject({ code: 'address_not_loopback' });
    const { driver } = await rig({ address: '0.0.0.0', allowRemoteGateways: true });
    expect(driver.port()).toBeGreaterThan(0);
  });

  it('says that the port is in use, and what to do', async () => {
    const { driver } = await rig();
    await expect(rig({ port: driver.port() })).rejects.toMatchObject({ code: 'port_in_use' });
    await expect(rig({ address: '192.0.2.1', allowRemoteGateways: true })).rejects.toMatchObject({
      code: 'address_unusable',
    });
  });
});
