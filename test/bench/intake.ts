import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchHotspots } from './intake/corpus.ts';
import { measureAppends, measureVerifying } from './intake/limits.ts';
import type { LoadOrder, LoadResult } from './intake/load-generator.ts';
import type { ServerOrder } from './intake/server.ts';

const ORIGIN = 'bench.example/log';
const here = (name: string): URL => new URL(`./intake/${name}.js`, import.meta.url);

async function reply<T>(child: ChildProcess): Promise<T> {
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`a process of the bench ended with ${code}`);
    }),
  ])) as [T];
  return message;
}

async function underLoad(load: Omit<LoadOrder, 'port' | 'origin'>) {
  const folder = await mkdtemp(join(tmpdir(), 'sextant-bench-'));
  const server = fork(here('server'), {
    execArgv: process.env['PROF'] ? ['--cpu-prof', '--cpu-prof-dir=/tmp/prof'] : [],
  });
  const keys = benchHotspots(load.hotspots).map(({ signer }) => Buffer.from(signer.publicKey).toString('hex'));
  server.send({ folder, origin: ORIGIN, keys, workers: Number(process.env['WORKERS'] ?? 2) } satisfies ServerOrder);
  const { port } = await reply<{ port: number }>(server);
  const generator = fork(here('load-generator'));
  generator.send({ ...load, port, origin: ORIGIN } satisfies LoadOrder);
  await reply(generator);
  server.send('mark');
  await reply(generator);
  server.send('measure');
  const [result, used] = await Promise.all([
    reply<LoadResult>(generator),
    reply<{ cpuSeconds: number; logSize: number }>(server),
  ]);
  server.send('stop');
  await once(server, 'exit');
  await rm(folder, { recursive: true });
  return { ...result, serverCpuSeconds: used.cpuSeconds, logSize: used.logSize };
}

const hotspots = Number(process.env['H'] ?? 256);
const v1 = await measureVerifying(2);
const singles = await underLoad({
  hotspots,
  batchesEach: Number(process.env['N'] ?? 200),
  reports: Number(process.env['R'] ?? 1),
  window: Number(process.env['W'] ?? 2),
  warmUp: 30,
});
const v2 = await measureVerifying(2);
const v = (v1 + v2) / 2;
console.log(singles, {
  v1,
  v2,
  ratio: singles.perSecond / v,
  appends: await measureAppends(2),
  usPerMsg: (1e6 * singles.serverCpuSeconds) / (singles.perSecond * singles.seconds),
});
