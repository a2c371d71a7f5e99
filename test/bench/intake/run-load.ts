import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchHotspots } from './corpus.ts';
import type { LoadOrder, LoadResult } from './load-generator.ts';
import type { ServerOrder } from './server.ts';

const ORIGIN = 'bench.example/log';

export interface LoadRun extends LoadResult {
  /** CPU time of the server process while the load ran. */
  readonly serverCpuSeconds: number;
}

/** Puts a server in one process under the load of another, and measures between warm-up and last receipt. */
export async function runLoad(
  server: 'server' | 'naive-server',
  load: Omit<LoadOrder, 'port' | 'origin' | 'verify'>,
): Promise<LoadRun> {
  const folder = await mkdtemp(join(tmpdir(), 'sextant-bench-'));
  const serving = fork(new URL(`./${server}.js`, import.meta.url), { execArgv: [] });
  const keys = benchHotspots(load.hotspots).map(({ signer }) => Buffer.from(signer.publicKey).toString('hex'));
  serving.send({ folder, origin: ORIGIN, keys, workers: 2 } satisfies ServerOrder);
  const { port } = await reply<{ port: number }>(serving);
  const generator = fork(new URL('./load-generator.js', import.meta.url), { execArgv: [] });
  generator.send({ ...load, port, origin: ORIGIN, verify: server === 'server' } satisfies LoadOrder);
  await reply(generator);
  serving.send('mark');
  await reply(generator);
  serving.send('measure');
  const [result, used] = await Promise.all([
    reply<LoadResult>(generator),
    reply<{ readonly cpuSeconds: number }>(serving),
  ]);
  serving.send('stop');
  await once(serving, 'exit');
  await rm(folder, { recursive: true });
  return { ...result, serverCpuSeconds: used.cpuSeconds };
}

/** The next message of a child, which must not end before. */
async function reply<T>(child: ChildProcess): Promise<T> {
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`a process of the bench ended with ${code}`);
    }),
  ])) as [T];
  return message;
}
