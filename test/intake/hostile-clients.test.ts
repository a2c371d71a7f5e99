import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSystemClock } from '@sextant/firmware-bridge/clock';
import { reportTopic, roundTopic } from '@sextant/firmware-bridge/protocol';
import type { RunningIntake } from '@sextant/oracle/intake';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectPacket, publishPacket, subscribePacket } from '../support/mqtt-packets.ts';
import { runs } from '../support/runs.ts';
import { connect, HotspotClient, meaningOf } from './support/hotspot-client.ts';
import { batchOf, hotspot, knowing, NETWORK_ID, tokenOf } from './support/participants.ts';
import { embedded, startTestIntake, type TestIntake } from './support/test-intake.ts';

const clock = createSystemClock();
const [anna, boris] = [hotspot(1), hotspot(2)];
let folder: string;
let intake: TestIntake;

async function start(changes: Partial<typeof embedded> = {}): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'sextant-hostile-'));
  intake = await startTestIntake({
    folder,
    clock,
    knownKeys: knowing([anna, boris]),
    broker: { ...embedded, ...changes },
  });
}

afterEach(async () => {
  await intake.close();
  await rm(folder, { recursive: true });
});

const urlOf = (running: RunningIntake): string => `mqtt://127.0.0.1:${running.port}`;

async function raw(): Promise<Socket> {
  const socket = connectTcp(intake.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

const ended = (socket: Socket): Promise<unknown> => (socket.closed ? Promise.resolve() : once(socket, 'close'));
const cuts = (reason: string): Promise<number> => intake.count('sextant_broker_cut_connections_total', { reason });

const annaConnects = (): Buffer => connectPacket(anna.id, tokenOf(anna, clock.now()));
const annaReports = (payload: Buffer, flags?: number): Buffer =>
  publishPacket(reportTopic(NETWORK_ID, anna.id), 1, payload, flags);

async function loggedIn(): Promise<Socket> {
  const socket = await raw();
  socket.write(annaConnects());
  await once(socket, 'data');
  return socket;
}

/** A hotspot that did nothing wrong is served as ever. */
async function expectService(sequence: number): Promise<void> {
  const honest = await HotspotClient.open(urlOf(intake), boris, tokenOf(boris, clock.now()));
  const envelope = batchOf(boris, { sequence, createdAtMs: clock.now() });
  expect(meaningOf(envelope, await honest.send(envelope), boris)).toMatch(/^receipt/);
  await honest.close();
}

describe('the guard of the embedded broker', () => {
  it('cuts off strangers who send more than 1 KiB, or no CONNECT', async () => {
    await start();
    const [talker, browser] = [await raw(), await raw()];
    talker.write(Buffer.concat([Buffer.of(0x10, 0xff, 0x07), Buffer.alloc(1_030)]));
    browser.write('GET / HTTP/1.1\r\n\r\n');
    await Promise.all([ended(talker), ended(browser)]);
    expect(await cuts('too_much_before_login')).toBe(1);
    expect(await cuts('not_mqtt')).toBe(1);
    await expectService(1);
  });

  it('cuts off a participant whose packet is too large as soon as it says so', async () => {
    await start();
    const socket = await loggedIn();
    socket.write(annaReports(Buffer.alloc(70_000)).subarray(0, 100));
    await ended(socket);
    expect(await cuts('packet_too_large')).toBe(1);
    await expectService(1);
  });

  it('waits for nobody who dribbles', async () => {
    await start({ timeouts: { loginMs: 300, packetMs: 300 } });
    const silent = await raw();
    const halfIn = await raw();
    halfIn.write(annaConnects().subarray(0, 20));
    const halfReport = await loggedIn();
    halfReport.write(annaReports(Buffer.alloc(500)).subarray(0, 200));
    await Promise.all([ended(silent), ended(halfIn), ended(halfReport)]);
    expect(await cuts('login_too_slow')).toBe(2);
    expect(await cuts('packet_too_slow')).toBe(1);
    await expectService(1);
  });

  it('lets only so many in from one address', async () => {
    await start({ connections: { total: 10, perAddress: 3 } });
    const sockets = [await raw(), await raw(), await raw()];
    const fourth = await raw();
    await ended(fourth);
    expect(await cuts('too_many_from_address')).toBe(1);
    sockets[0]?.destroy();
    await expect.poll(tryService, { timeout: 20_000 }).toBe(true);
    for (const socket of sockets) socket.destroy();
  });

  async function tryService(): Promise<boolean> {
    return expectService(1).then(
      () => true,
      () => false,
    );
  }

  it('refuses QoS 2, retained reports, and a will on a topic that is not its own', async () => {
    await start();
    for (const qos2OrRetained of [0b0100, 0b0011]) {
      const socket = await loggedIn();
      socket.write(annaReports(Buffer.from('x'), qos2OrRetained));
      await ended(socket);
    }
    const login = { username: anna.id, clientId: anna.id, password: tokenOf(anna, clock.now()) };
    const will = { topic: roundTopic(NETWORK_ID), payload: Buffer.from('gone'), qos: 0 as const, retain: true };
    await expect(connect(urlOf(intake), login, { will })).rejects.toThrow();
    expect(await intake.count('sextant_broker_logins_total', { outcome: 'foreign_will' })).toBe(1);
    expect(intake.ledger.size).toBe(0);
    await expectService(1);
  });
});

describe('garbage', () => {
  beforeEach(async () => start());

  it('before and after a login ends at most the connection it came on', async () => {
    const arbitrary = fc.record({
      afterLogin: fc.boolean(),
      noise: fc.uint8Array({ minLength: 1, maxLength: 300 }),
      template: fc.constantFrom('none', 'connect', 'publish', 'subscribe'),
      at: fc.nat(200),
    });
    const property = fc.asyncProperty(arbitrary, async ({ afterLogin, noise, template, at }) => {
      const socket = afterLogin ? await loggedIn() : await raw();
      socket.end(damaged(template, noise, at));
      socket.resume();
      await ended(socket);
    });
    await fc.assert(property, { numRuns: runs(1_000) });
    await expectService(1);
  });

  function damaged(template: string, noise: Uint8Array, at: number): Buffer {
    if (template === 'none') return Buffer.from(noise);
    const packet =
      template === 'connect'
        ? annaConnects()
        : template === 'publish'
          ? annaReports(Buffer.from(noise))
          : subscribePacket('a/+/#');
    noise.subarray(0, 8).forEach((byte, i) => {
      packet[(at + i * 7) % packet.length] = byte;
    });
    return packet;
  }

  it('in envelopes is answered and never logged', async () => {
    const client = await HotspotClient.open(urlOf(intake), anna, tokenOf(anna, clock.now()));
    const good = batchOf(anna, { sequence: 5, createdAtMs: clock.now() });
    for (let i = 0; i < 40; i++) {
      const bytes = Uint8Array.from(good);
      bytes[(i * 37) % bytes.length] = ((bytes[(i * 37) % bytes.length] ?? 0) + 1) & 0xff;
      await client.publish(bytes);
    }
    await expect.poll(() => client.answers.length, { timeout: 20_000 }).toBe(40);
    expect(client.answers.filter(({ kind }) => kind === 'receipt')).toEqual([]);
    expect(intake.ledger.size).toBe(0);
    await client.close();
  });
});
