import { createServer } from 'node:net';
import { bytesToHex, ddbm, formatId, unixMs } from '@sextant/firmware-bridge/protocol';
import type { EpochListItem, HealthView, HexView, LiveHex, LiveRound, Problem, VerdictView } from '@sextant/oracle/api';
import { createHttpServer, HttpServerError } from '@sextant/oracle/http';
import { sql } from 'kysely';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../store/database-harness.ts';
import { cellOf, keyOf, TIMING } from '../store/sample-network.ts';
import { Conformance, type OpenApiDocument } from './openapi-document.ts';
import { CLOSED, HOTSPOTS, type SeededOracle, startSeededOracle } from './seeded-oracle.ts';
import { SseClient } from './sse-client.ts';

const HEARTBEAT_MS = 50;

let databases: TestServer;
let oracle: SeededOracle;
let origin: string;
let conformance: Conformance;

beforeAll(async () => {
  databases = await startTestServer();
  const ring = { maxEvents: 400, maxCharacters: 4 << 20 };
  oracle = await startSeededOracle(databases, {
    options: { live: { heartbeatMs: HEARTBEAT_MS, ring, maxClientsPerAddress: 8 } },
  });
  const { port } = await oracle.server.start();
  origin = `http://127.0.0.1:${port}`;
  conformance = new Conformance((await (await fetch(`${origin}/openapi.json`)).json()) as OpenApiDocument);
});
afterAll(async () => {
  await oracle.close();
  await databases.close();
});

const COMPONENTS = {
  hex: 'LiveHex',
  verdict: 'VerdictView',
  hotspot: 'HotspotSummary',
  epoch: 'EpochListItem',
  round: 'LiveRound',
} as const;
const listen = (headers: Readonly<Record<string, string>> = {}, query = ''): SseClient =>
  new SseClient(`${origin}/api/v1/live${query}`, headers);
const aRound = (round: number): LiveRound => ({
  round,
  epoch: 2,
  state: 'certified',
  serverTimeMs: oracle.clock.now(),
  hotspots: 1,
  hotspotsActive: 1,
});
const rounds = (client: SseClient): number[] =>
  client.events.filter(({ event }) => event === 'round').map(({ data }) => (data as LiveRound).round);

describe('what listeners are told', () => {
  test('what the projector has written, as the API answers it', async () => {
    const client = listen();
    await client.until(({ lastId }) => lastId !== '');
    expect(client.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': '*',
    });
    const [results] = oracle.sample.provisional.filter(({ epoch }) => epoch === CLOSED);
    if (results === undefined) throw new Error('no results');
    oracle.feed.provisionalApplied(results);
    await client.until(({ events }) => events.some(({ event }) => event === 'hotspot'));
    await oracle.feed.settled();
    await client.until(({ events }) => events.filter(({ event }) => event === 'hotspot').length === HOTSPOTS);
    for (const { event, data } of client.events) {
      expect(conformance.componentFaults(COMPONENTS[event as keyof typeof COMPONENTS], data)).toEqual([]);
    }
    const of = <T>(name: string): T[] =>
      client.events.filter(({ event }) => event === name).map(({ data }) => data as T);
    const [hex] = of<LiveHex>('hex');
    expect(hex?.hexes).toEqual({ covered: HOTSPOTS, surveyedNotCovered: 0 });
    expect(new Set(of<LiveHex>('hex').map(({ cell }) => cell)).size).toBe(HOTSPOTS);
    expect(
      of<VerdictView>('verdict')
        .map(({ reportId }) => reportId)
        .toSorted(),
    ).toEqual(results.verdicts.map(({ reportId }) => bytesToHex(reportId)).toSorted());
    client.close();
  });

  test('an epoch when it has closed, a round when it is certified and when it begins', async () => {
    const client = listen();
    await client.until(({ lastId }) => lastId !== '');
    oracle.feed.epochApplied(1);
    oracle.feed.certified(17);
    oracle.feed.certified(99);
    await client.until((each) => rounds(each).length > 0 && each.events.some(({ event }) => event === 'epoch'));
    const [epoch] = client.events.filter(({ event }) => event === 'epoch');
    expect(epoch?.data as EpochListItem).toMatchObject({ epoch: 1, hotspotsPaid: 11 });
    expect(rounds(client)).toEqual([17]);
    await oracle.clock.advanceTo(unixMs(TIMING.genesisMs + 18 * TIMING.roundMs));
    await client.until((each) => rounds(each).includes(18));
    client.close();
  });
});

describe('what comes from the judge', () => {
  test('is in the live tiles and in the API as soon as listeners hear of it', async () => {
    const tile = async (): Promise<Response> => fetch(`${origin}/tiles/live/0/0/0.mvt`);
    const before = (await tile()).headers.get('etag');
    const client = listen();
    await client.until(({ lastId }) => lastId !== '');
    const cell = cellOf(400);
    const [like] = oracle.sample.provisional.find(({ epoch }) => epoch === CLOSED)?.links ?? [];
    if (like === undefined) throw new Error('no link');
    const link = { ...like, cell, reportId: new Uint8Array(32).fill(9), espDdbm: ddbm(-500) };
    oracle.projector.addProvisional({ epoch: CLOSED, verdicts: [], links: [link], cells: [] });
    const ofCell = ({ data }: { data: unknown }): boolean => (data as Partial<LiveHex>).cell === cell.toString(16);
    await client.until(({ events }) => events.some(ofCell));
    const told = client.events.find(ofCell)?.data as LiveHex;
    expect(told).toMatchObject({ state: 'covered', bestEspDdbm: -500, links: 1, witnesses: 1 });
    const answer = await fetch(`${origin}/api/v1/hexes/${told.cell}`);
    expect((await answer.json()) as HexView).toMatchObject({ state: 'covered', bestEspDdbm: -500, links: 1 });
    const after = await tile();
    expect(after.headers.get('etag')).not.toBe(before);
    expect(after.headers.get('cache-control')).toBe('public, no-cache');
    client.close();
  });
});

describe('listeners that come back', () => {
  test('miss nothing and get nothing twice', async () => {
    const first = listen();
    await first.until(({ lastId }) => lastId !== '');
    for (let round = 100; round < 110; round++) oracle.live.publish('round', aRound(round));
    await first.until((client) => rounds(client).length >= 10);
    first.close();
    for (let round = 110; round < 120; round++) oracle.live.publish('round', aRound(round));
    const second = listen({ 'last-event-id': first.lastId });
    oracle.live.publish('round', aRound(120));
    await second.until((client) => rounds(client).includes(120));
    expect(rounds(second)).toEqual(Array.from({ length: 11 }, (_, i) => 110 + i));
    // The parameter does the same, for clients that cannot set the header.
    const third = listen({}, `?after=${first.lastId}`);
    await third.until((client) => rounds(client).includes(120));
    expect(rounds(third)).toEqual(rounds(second));
    second.close();
    third.close();
  });

  test('that heard nothing yet resume from where they were', async () => {
    const first = listen();
    await first.until(({ lastId }) => lastId !== '');
    first.close();
    oracle.live.publish('round', aRound(200));
    const second = listen({ 'last-event-id': first.lastId });
    await second.until((client) => rounds(client).length === 1);
    expect(rounds(second)).toEqual([200]);
    second.close();
  });

  test.each([
    ['of another process', 'other-5'],
    ['from the future', 'test-99999999'],
    ['that is no id', 'test-x'],
    ['of an event that is no longer kept', 'old'],
  ])('with an id %s are told to fetch everything again', async (_, id) => {
    const start = listen();
    await start.until(({ lastId }) => lastId !== '');
    const old = start.lastId;
    start.close();
    for (let i = 0; i < 401; i++) oracle.live.publish('round', aRound(i));
    const client = listen({ 'last-event-id': id === 'old' ? old : id });
    await client.until(({ events }) => events.length > 0);
    expect(client.events.map(({ event, data }) => [event, data])).toEqual([['reset', {}]]);
    oracle.live.publish('round', aRound(7));
    await client.until((each) => rounds(each).length === 1);
    client.close();
  });
});

describe('the connection', () => {
  test('is kept open by a comment now and then', async () => {
    const client = listen();
    await client.until(({ comments }) => comments >= 2);
    client.close();
  });
});

test('there is room for so many of one address', async () => {
  await waitForClients(0);
  const clients = Array.from({ length: 8 }, () => listen());
  for (const client of clients) await client.until(({ lastId }) => lastId !== '');
  const answer = await fetch(`${origin}/api/v1/live`);
  expect([answer.status, ((await answer.json()) as Problem).code]).toEqual([503, 'too_many_listeners']);
  expect(answer.headers.get('retry-after')).toBe('30');
  for (const client of clients) client.close();
  await waitForClients(0);
});

test('a port in use says what to do', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const second = await createHttpServer({ ...oracle.options, port }, { ...oracle.modules, registry: new Registry() });
  const failure = await second.start().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(HttpServerError);
  expect((failure as HttpServerError).code).toBe('port_in_use');
  await second.stop();
  await new Promise<void>((resolve) => other.close(() => resolve()));
});

describe('when something is away', () => {
  test('health says what, and whether reports are still admitted', async () => {
    const health = async (): Promise<readonly [number, string]> => {
      const answer = await fetch(`${origin}/healthz`);
      const text = await answer.text();
      expect(text).not.toContain('secret');
      return [answer.status, (JSON.parse(text) as HealthView).status];
    };
    expect(await health()).toEqual([200, 'ok']);
    oracle.broken.database = 'password of secret user refused';
    expect(await health()).toEqual([200, 'degraded']);
    oracle.broken.ledger = 'ENOSPC: /secret/path';
    expect(await health()).toEqual([503, 'failing']);
    delete oracle.broken.ledger;
    delete oracle.broken.database;
  });

  test('the broker’s questions need the secret', async () => {
    const question = async (authorization?: string): Promise<number> =>
      (
        await fetch(`${origin}/broker/auth`, {
          method: 'POST',
          body: '{}',
          headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
        })
      ).status;
    expect(await question('Bearer a secret for tests')).toBe(200);
    expect(await question('Bearer a secret for test')).toBe(401);
    expect(await question()).toBe(401);
  });

  // Last of all: it deletes the database.
  test('without its database the rest of the oracle goes on', async () => {
    const client = listen();
    await client.until(({ lastId }) => lastId !== '');
    await oracle.projector.stop();
    const { db } = oracle.database;
    await databases.drop((await sqlName(db)) ?? '');
    const code = async (path: string): Promise<readonly [number, string | undefined]> => {
      const answer = await fetch(`${origin}${path}`);
      const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json') === true;
      return [answer.status, isProblem ? ((await answer.json()) as Problem).code : undefined];
    };
    const id = formatId('hotspot', keyOf(1));
    for (const path of [
      '/api/v1/network',
      '/api/v1/hotspots',
      `/api/v1/hotspots/${id}`,
      '/api/v1/epochs',
      '/tiles/0/0/0/0.mvt',
    ]) {
      expect([path, ...(await code(path))]).toEqual([path, 503, 'database_unavailable']);
    }
    expect((await fetch(`${origin}/api/v1/network`)).headers.get('retry-after')).toBe('5');
    for (const path of [
      '/healthz',
      '/metrics',
      '/log/checkpoint',
      '/log/proof?leaf=0',
      '/log/tile/0/000',
      '/openapi.json',
      '/',
    ]) {
      expect([path, ...(await code(path))]).toEqual([path, 200, undefined]);
    }
    // What could not be told is made up for when the database is back.
    oracle.feed.epochApplied(1);
    await oracle.feed.settled();
    expect(client.events).toEqual([]);
    await oracle.database.ensureUsable();
    oracle.feed.epochApplied(1);
    await client.until(({ events }) => events.length > 0);
    expect(client.events.map(({ event }) => event)).toEqual(['reset']);
    client.close();
  });
});

async function sqlName(db: SeededOracle['database']['db']): Promise<string | undefined> {
  const { rows } = await sql<{ name: string }>`SELECT current_database() AS name`.execute(db);
  return rows[0]?.name;
}

async function waitForClients(count: number): Promise<void> {
  while (oracle.live.clients !== count) await new Promise((resolve) => setImmediate(resolve));
}
