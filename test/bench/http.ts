/**
 * How fast the HTTP API answers, over real sockets and a real database. `node test/dist/bench/http.js [seconds a route]` (default
 * 2) asks each route 16 at a time, then tells 200 listeners of the live stream something 200 times.
 */
import { Agent, get } from 'node:http';
import { formatId } from '@sextant/firmware-bridge/protocol';
import { startSeededOracle } from '../http/seeded-oracle.ts';
import { SseClient } from '../http/sse-client.ts';
import { startTestServer } from '../store/database-harness.ts';
import { cellOf, keyOf } from '../store/sample-network.ts';

const ABREAST = 16;
const LISTENERS = 200;
const EVENTS = 200;
const seconds = Number(process.argv[2] ?? 2);

const quantile = (sorted: readonly number[], share: number): string =>
  (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1).padStart(8);

const databases = await startTestServer();
const oracle = await startSeededOracle(databases, { options: { live: { maxClientsPerAddress: LISTENERS } } });
const { port } = await oracle.server.start();
const agent = new Agent({ keepAlive: true, maxSockets: ABREAST });

async function ask(path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent, headers: { 'accept-encoding': 'gzip' } }, (response) => {
      if ((response.statusCode ?? 500) >= 400) reject(new Error(`${path} answered ${response.statusCode}`));
      response.resume().on('end', resolve);
    }).on('error', reject);
  });
}

async function measure(path: string): Promise<void> {
  const times: number[] = [];
  const end = performance.now() + seconds * 1_000;
  const work = async (): Promise<void> => {
    while (performance.now() < end) {
      const start = performance.now();
      await ask(path);
      times.push(performance.now() - start);
    }
  };
  await ask(path);
  await Promise.all(Array.from({ length: ABREAST }, work));
  const sorted = times.toSorted((a, b) => a - b);
  const perSecond = (times.length / seconds).toFixed(0).padStart(8);
  console.log(`${perSecond} ${quantile(sorted, 0.5)} ${quantile(sorted, 0.95)}  ${path.slice(0, 60)}`);
}

async function measureLive(): Promise<void> {
  const clients = Array.from({ length: LISTENERS }, () => new SseClient(`http://127.0.0.1:${port}/api/v1/live`));
  for (const client of clients) await client.until(({ lastId }) => lastId !== '');
  const start = performance.now();
  for (let round = 0; round < EVENTS; round++) {
    const serverTimeMs = oracle.clock.now();
    oracle.live.publish('round', { round, epoch: 2, state: 'certified', serverTimeMs, hotspots: 1, hotspotsActive: 1 });
  }
  for (const client of clients) await client.until(({ events }) => events.length === EVENTS);
  const ms = performance.now() - start;
  console.log(`live: ${LISTENERS} listeners had ${EVENTS} events after ${ms.toFixed(0)} ms`);
  for (const client of clients) client.close();
}

const id = formatId('hotspot', keyOf(3));
console.log(`     /s   p50 ms   p95 ms  (${ABREAST} abreast)`);
for (const path of [
  '/api/v1/network',
  '/api/v1/hotspots?bbox=16,49,17,50&limit=1000',
  `/api/v1/hotspots/${id}`,
  `/api/v1/hotspots/${id}/verdicts`,
  `/api/v1/hotspots/${id}/footprint`,
  `/api/v1/hexes/${cellOf(2).toString(16)}`,
  '/api/v1/epochs',
  `/api/v1/epochs/1/proof?reward=${id}`,
  '/tiles/1/8/139/87.mvt',
  '/log/proof?leaf=300',
  '/log/tile/0/000',
  '/healthz',
]) {
  await measure(path);
}
await measureLive();
agent.destroy();
await oracle.close();
await databases.close();
