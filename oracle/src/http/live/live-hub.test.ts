import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Registry } from 'prom-client';
import { afterEach, expect, test } from 'vitest';
import type { LiveRound } from '../../api/index.ts';
import { createHttpMetrics } from '../http-metrics.ts';
import { LIVE_HUB_DEFAULTS, LiveHub, type LiveHubOptions } from './live-hub.ts';

const MIB = 1 << 20;
const FILLER = 'x'.repeat(64 << 10);

interface Stage {
  readonly hub: LiveHub;
  readonly port: number;
  dropped(reason: string): Promise<number>;
}

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A hub behind real sockets. */
async function stage(options: Partial<LiveHubOptions>): Promise<Stage> {
  const registry = new Registry();
  const metrics = createHttpMetrics(registry);
  const hub = new LiveHub({ ...LIVE_HUB_DEFAULTS, ...options }, { instance: 'test', metrics });
  const server: Server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    hub.connect(response, 'address', undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    hub.close();
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return {
    hub,
    port: typeof address === 'object' && address !== null ? address.port : 0,
    dropped: async (reason) => {
      const { values } = await metrics.liveDropped.get();
      return values.find(({ labels }) => labels.reason === reason)?.value ?? 0;
    },
  };
}

const nextTurn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function openSocket({ hub, port }: Stage): Promise<Socket> {
  const before = hub.clients;
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  while (hub.clients === before) await nextTurn();
  return socket;
}

const publish = (hub: LiveHub, round: number): void =>
  hub.publish('round', { round, filler: FILLER } as unknown as LiveRound);

test('a listener that does not read is cut off when the ring has gone past it, and holds up nobody', async () => {
  const here = await stage({ heartbeatMs: 600_000, ring: { maxEvents: 32, maxCharacters: 64 * MIB } });
  const slow = await openSocket(here);
  slow.pause();
  const fast = await openSocket(here);
  let read = 0;
  fast.on('data', (bytes) => {
    read += bytes.length;
  });
  let published = 0;
  while ((await here.dropped('too_slow')) === 0) {
    publish(here.hub, published);
    published += 1;
    while (read < published * FILLER.length) await nextTurn();
    expect(published).toBeLessThan(2_000);
  }
  expect(here.hub.clients).toBe(1);
  fast.destroy();
  while (here.hub.clients > 0) await nextTurn();
});

test('nothing piles up for it: what waits is in the ring, which all share', async () => {
  const here = await stage({ heartbeatMs: 600_000, ring: { maxEvents: 4_096, maxCharacters: 512 * MIB } });
  const sockets: Socket[] = [];
  while (sockets.length < 20) sockets.push(await openSocket(here));
  for (const socket of sockets) socket.pause();
  const before = process.memoryUsage();
  for (let i = 0; i < 400; i++) publish(here.hub, i);
  await nextTurn();
  const after = process.memoryUsage();
  // 25 MiB are in the ring; a queue for each of them would be 500.
  const grown = after.heapUsed + after.external - before.heapUsed - before.external;
  expect(grown).toBeLessThan(150 * MIB);
  expect(here.hub.clients).toBe(20);
  for (const socket of sockets) socket.destroy();
});

test('a listener whose buffer does not move for some heartbeats is cut off', async () => {
  const here = await stage({ heartbeatMs: 20, ring: { maxEvents: 4_096, maxCharacters: 512 * MIB } });
  const slow = await openSocket(here);
  slow.pause();
  for (let i = 0; i < 400; i++) publish(here.hub, i);
  while ((await here.dropped('stalled')) === 0) await nextTurn();
  expect(here.hub.clients).toBe(0);
});

test('places are counted by address and given back', async () => {
  const here = await stage({ maxClientsPerAddress: 2, maxClients: 3 });
  const first = await openSocket(here);
  await openSocket(here);
  expect([here.hub.hasRoom('address'), here.hub.hasRoom('another')]).toEqual([false, true]);
  first.destroy();
  while (here.hub.clients === 2) await nextTurn();
  expect(here.hub.hasRoom('address')).toBe(true);
});
