import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createSystemClock } from '@sextant/firmware-bridge/clock';
import { nodeFileSystem, openLedger } from '@sextant/oracle/ledger';
import { pino } from 'pino';

import { benchBatch, benchHotspots, benchValidator } from './corpus.ts';

/** Signatures a second that two threads verify when they do nothing else. */
export async function measureVerifying(seconds: number): Promise<number> {
  const workers = [0, 1].map(
    () => new Worker(new URL('./verify-worker.js', import.meta.url), { workerData: { seconds } }),
  );
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const rates = await Promise.all(
    workers.map(async (worker) => {
      worker.postMessage('go');
      const [rate] = (await once(worker, 'message')) as [number];
      return rate;
    }),
  );
  await Promise.all(workers.map((worker) => worker.terminate()));
  return rates.reduce((sum, rate) => sum + rate, 0);
}

const APPENDS_OPEN = 512;

/** Entries a second that the ledger takes, each resolved after its fsync, with as many open as the load has. */
export async function measureAppends(seconds: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'sextant-bench-'));
  const origin = 'bench.example/limits';
  const ledger = await openLedger(
    { directory: join(folder, 'log'), origin },
    {
      fileSystem: nodeFileSystem,
      signer: { ...benchValidator(), name: origin },
      clock: createSystemClock(),
      logger: pino({ level: 'silent' }),
    },
  );
  const [hotspot] = benchHotspots(1);
  if (!hotspot) throw new Error('no hotspot');
  const { envelope } = benchBatch(hotspot, 1, 1, Date.now());
  const end = performance.now() + 1_000 * seconds;
  let appended = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() < end) {
      await ledger.append(envelope);
      appended += 1;
    }
  };
  await Promise.all(Array.from({ length: APPENDS_OPEN }, lane));
  await ledger.close();
  await rm(folder, { recursive: true });
  return appended / seconds;
}
