import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createManualClock, type ManualClock } from '@sextant/firmware-bridge/clock';
import { unixMs } from '@sextant/firmware-bridge/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  DEFAULT_FORWARDER_OPTIONS,
  type Emission,
  SemtechForwarder,
  type SemtechForwarderModules,
  type SemtechForwarderOptions,
} from '../simulator/semtech-forwarder.ts';

/**
 * The simulated packet forwarder does what the real ones were seen to do, so that a test that passes with it means
 * something. Expectations: sx1302_hal V2.1.0 and packet_forwarder 4.0.1, run unmodified against a UDP server.
 */

const EUI = 'aa555a0000000001';
const advance = (clock: ManualClock, byMs: number): Promise<void> => clock.advanceTo(unixMs(clock.now() + byMs));

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A bare server that answers nothing by itself. */
class Server {
  readonly received: { readonly bytes: Buffer; readonly from: RemoteInfo }[] = [];
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (bytes, from) => this.received.push({ bytes, from }));
  }

  port(): number {
    return this.#socket.address().port;
  }

  async next(kind: number): Promise<{ readonly bytes: Buffer; readonly from: RemoteInfo; readonly json: string }> {
    const found = await vi.waitFor(
      () => {
        const index = this.received.findIndex(({ bytes }) => bytes[3] === kind);
        return this.received.splice(index, 1)[index < 0 ? 1 : 0] ?? expect.fail(`no datagram of kind ${kind}`);
      },
      { interval: 1 },
    );
    return { ...found, json: found.bytes.toString('utf8', 12) };
  }

  send(bytes: Buffer, to: RemoteInfo): void {
    this.#socket.send(bytes, to.port, to.address);
  }
}

interface Rig {
  readonly server: Server;
  readonly forwarder: SemtechForwarder;
  readonly clock: ManualClock;
  readonly emissions: Emission[];
  /** Sends a PULL_RESP to the downlink socket. */
  readonly request: (json: string, token?: number) => void;
}

async function rig(
  options: Partial<SemtechForwarderOptions> = {},
  modules: Partial<SemtechForwarderModules> = {},
): Promise<Rig> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  cleanups.push(() => socket.close());
  const server = new Server(socket);
  const clock = createManualClock();
  const emissions: Emission[] = [];
  let token = 0x1000;
  const forwarder = new SemtechForwarder(
    { ...DEFAULT_FORWARDER_OPTIONS, eui: EUI, serverPort: server.port(), ...options },
    { clock, randomToken: () => token++, onEmission: (emission) => emissions.push(emission), ...modules },
  );
  await forwarder.start();
  cleanups.push(() => forwarder.stop());
  const pull = await server.next(2);
  const request = (json: string, requestToken = 7): void =>
    server.send(Buffer.concat([Buffer.from([2, 0, requestToken, 3]), Buffer.from(json)]), pull.from);
  return { server, forwarder, clock, emissions, request };
}

const TXPK = {
  imme: true,
  freq: 868.1,
  rfch: 0,
  powe: 14,
  modu: 'LORA',
  datr: 'SF9BW125',
  codr: '4/5',
  ipol: false,
  size: 2,
  data: '4FM',
};
const txpk = (change: Record<string, unknown> = {}): string => JSON.stringify({ txpk: { ...TXPK, ...change } });

describe('the simulated packet forwarder', () => {
  it('has two sockets: PULL_DATA and PUSH_DATA come from different ports', async () => {
    const { server, clock, forwarder } = await rig();
    forwarder.receive({
      phyPayload: Uint8Array.of(0xe0),
      frequencyHz: 868_300_000,
      spreadingFactor: 9,
      bandwidthHz: 125_000,
      rssiChannelDbm: -94.4,
      rssiSignalDbm: -97.6,
      snrDb: -3.5,
      startMs: clock.now(),
      endMs: clock.now() + 2,
      frequencyOffsetHz: -742,
    });
    await advance(clock, 10);
    const push = await server.next(0);
    expect(push.bytes.toString('hex', 4, 12)).toBe(EUI);
    expect(push.json).toBe(
      '{"rxpk":[{"jver":1,"tmst":2000,"chan":0,"rfch":0,"freq":868.300000,"mid": 0,"stat":1,"modu":"LORA",' +
        '"datr":"SF9BW125","codr":"4/5","rssis":-98,"lsnr":-3.5,"foff":-742,"rssi":-94,"size":1,"data":"4A=="}]}',
    );
    await advance(clock, 9_990);
    expect((await server.next(2)).from.port).not.toBe(push.from.port);
    expect(forwarder.unacknowledgedPushes()).toBe(1);
    server.send(Buffer.from([2, push.bytes[1] ?? 0, push.bytes[2] ?? 0, 1]), push.from);
    await vi.waitFor(() => expect(forwarder.unacknowledgedPushes()).toBe(0), { interval: 1 });
  });

  it('answers an accepted request with an empty TX_ACK and sends 80 ms later', async () => {
    const { server, request, clock, emissions } = await rig();
    request(txpk());
    expect((await server.next(5)).bytes.toString('hex')).toBe(`02000705${EUI}`);
    expect(emissions).toEqual([]);
    await advance(clock, 80);
    expect(emissions).toMatchObject([{ powerDbm: 14, frequencyHz: 868_100_000, invertedIq: false, crc: true }]);
    expect(emissions[0]?.phyPayload).toEqual(Uint8Array.of(0xe0, 0x53));
  });

  it('puts two immediate frames one after the other', async () => {
    const { server, request, clock, emissions } = await rig();
    request(txpk());
    await server.next(5);
    request(txpk());
    expect((await server.next(5)).json).toBe('');
    await advance(clock, 2_000);
    const [first, second] = emissions;
    expect(second?.startMs).toBeGreaterThan(first?.endMs ?? Number.POSITIVE_INFINITY);
  });

  it('of an sx1302 corrects the power, also upwards', async () => {
    const { server, request } = await rig();
    request(txpk({ powe: 40 }));
    expect((await server.next(5)).json).toBe('{"txpk_ack":{"warn":"TX_POWER","value":27}}');
    request(txpk({ powe: 10 }));
    expect((await server.next(5)).json).toBe('{"txpk_ack":{"warn":"TX_POWER","value":12}}');
  });

  it('of an sx1301 refuses a power that is not in its table, and sends nothing', async () => {
    const { server, request, clock, emissions } = await rig({ model: 'sx1301' });
    request(txpk({ powe: 15 }));
    expect((await server.next(5)).json).toBe('{"txpk_ack":{"error":"TX_POWER"}}');
    await advance(clock, 5_000);
    expect(emissions).toEqual([]);
  });

  it('refuses a frequency outside its range, and a moment it cannot keep', async () => {
    const { server, request, clock, forwarder } = await rig({ txFreqMinHz: 923_000_000, txFreqMaxHz: 928_000_000 });
    const error = async (change: Record<string, unknown>): Promise<unknown> => {
      request(txpk({ freq: 923.3, ...change }));
      return JSON.parse((await server.next(5)).json || '{}');
    };
    const aheadMs = (ms: number): Record<string, unknown> => ({
      imme: false,
      tmst: forwarder.counterUs(clock.now()) + ms * 1000,
    });
    expect(await error({ freq: 904.3 })).toEqual({ txpk_ack: { error: 'TX_FREQ' } });
    expect(await error(aheadMs(42))).toEqual({ txpk_ack: { error: 'TOO_LATE' } });
    expect(await error(aheadMs(512_001))).toEqual({ txpk_ack: { error: 'TOO_EARLY' } });
    expect(await error(aheadMs(1_000))).toEqual({});
    expect(await error(aheadMs(1_050))).toEqual({ txpk_ack: { error: 'COLLISION_PACKET' } });
    expect(await error({ imme: false, tmms: 1_400_000_000_000 })).toEqual({ txpk_ack: { error: 'GPS_UNLOCKED' } });
  });

  it('takes 32 frames into its queue', async () => {
    const { server, request } = await rig();
    for (let i = 0; i < 32; i++) {
      request(txpk(), i);
      expect((await server.next(5)).json).toBe('');
    }
    request(txpk(), 99);
    expect((await server.next(5)).json).toBe('{"txpk_ack":{"error":"COLLISION_PACKET"}}');
  });

  it('refuses what its concentrator has no room for', async () => {
    const { server, request, clock, emissions } = await rig({}, { hasRoomFor: (frame) => frame.spreadingFactor > 9 });
    request(txpk());
    expect((await server.next(5)).json).toBe('{"txpk_ack":{"error":"COLLISION_PACKET"}}');
    request(txpk({ datr: 'SF10BW125' }));
    expect((await server.next(5)).json).toBe('');
    await advance(clock, 100);
    expect(emissions).toHaveLength(1);
  });

  it('drops silently what it dislikes', async () => {
    const { request, forwarder, server } = await rig();
    const without = (field: string): string => txpk({ [field]: undefined });
    const disliked = [
      '{"txpk":',
      '{}',
      ...['freq', 'rfch', 'modu', 'datr', 'codr', 'size', 'data'].map(without),
      txpk({ imme: false }),
      txpk({ datr: 'SF13BW125' }),
      txpk({ datr: 'sf9bw125' }),
      txpk({ rfch: 1 }),
      txpk({ comment: 'x'.repeat(999 - 4 - txpk({ comment: '' }).length + 1) }),
    ];
    for (const json of disliked) request(json);
    // The last one is just small enough.
    request(txpk({ comment: 'x'.repeat(999 - 4 - txpk({ comment: '' }).length) }), 0x42);
    expect((await server.next(5)).bytes[2]).toBe(0x42);
    expect(forwarder.droppedSilently()).toHaveLength(disliked.length);
    expect(server.received).toEqual([]);
  });

  it('sends `size` bytes, whatever the data hold', async () => {
    const { server, request, clock, emissions } = await rig();
    request(txpk({ size: 4 }));
    await server.next(5);
    await advance(clock, 100);
    expect(emissions[0]?.phyPayload).toEqual(Uint8Array.of(0xe0, 0x53, 0, 0));
  });

  it('hears nothing while it sends', async () => {
    const { server, request, clock, forwarder } = await rig();
    request(txpk());
    await server.next(5);
    const startMs = clock.now() + 100;
    const packet = { phyPayload: Uint8Array.of(1), frequencyHz: 868_100_000, spreadingFactor: 7, bandwidthHz: 125_000 };
    const levels = { rssiChannelDbm: -90, rssiSignalDbm: -90, snrDb: 5 };
    await advance(clock, 120);
    forwarder.receive({ ...packet, ...levels, startMs, endMs: startMs + 20 });
    forwarder.receive({ ...packet, ...levels, startMs: startMs + 300, endMs: startMs + 320, crc: 'bad' });
    forwarder.receive({ ...packet, ...levels, startMs: startMs + 300, endMs: startMs + 320 });
    await advance(clock, 10);
    expect(JSON.parse((await server.next(0)).json)).toHaveProperty('rxpk.length', 1);
  });

  it('quits when its PULL_DATA are not acknowledged, if so configured', async () => {
    const { server, clock, forwarder } = await rig({ autoquitThreshold: 2 });
    await advance(clock, 10_000);
    expect((await server.next(2)).bytes).toHaveLength(12);
    expect(forwarder.hasQuit()).toBe(false);
    await advance(clock, 10_000);
    expect(forwarder.hasQuit()).toBe(true);
  });

  it('reports its status, and any position it was given', async () => {
    const gps = { kind: 'fake', latitude: 48.13, longitude: 11.57, altitudeM: 520 } as const;
    const { server, clock } = await rig({ gps });
    await advance(clock, 30_000);
    expect(JSON.parse((await server.next(0)).json)).toEqual({
      stat: {
        time: '2023-11-14 22:13:50 GMT',
        lati: 48.13,
        long: 11.57,
        alti: 520,
        rxnb: 0,
        rxok: 0,
        rxfw: 0,
        ackr: 0,
        dwnb: 0,
        txnb: 0,
        temp: 31.2,
      },
    });
  });
});
