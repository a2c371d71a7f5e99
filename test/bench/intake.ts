/**
 * How fast the intake admits, verifies, fsyncs and receipts. `npm run bench:intake -- --json FILE`. The load generator
 * is a process beside it on the same cores; its corpus is signed before the clock starts. Machines differ and are shared:
 * the ratios to the limits, measured in the same run, are what to compare.
 */
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { measureAppends, measureVerifying } from './intake/limits.ts';
import { type LoadRun, runLoad } from './intake/run-load.ts';

const LIMIT_SECONDS = 3;
/** Warm-up and load together stay below the burst of the default admission rate, 240. */
const SINGLES = { hotspots: 256, batchesEach: 190, warmUp: 40, reports: 1, window: 4 };
const BATCHES = { hotspots: 256, batchesEach: 40, warmUp: 10, reports: 32, window: 2 };
const NAIVE = { hotspots: 64, batchesEach: 40, warmUp: 10, reports: 1, window: 4 };

const rounded = (value: number): number => Math.round(value * 10) / 10;

function latency({ p50Ms, p99Ms }: LoadRun) {
  return { p50Ms: rounded(p50Ms), p99Ms: rounded(p99Ms) };
}

async function measure() {
  const verifyBefore = await measureVerifying(LIMIT_SECONDS);
  const singles = await runLoad('server', SINGLES);
  const verifyAfter = await measureVerifying(LIMIT_SECONDS);
  const fsyncedAppendsPerSecond = await measureAppends(LIMIT_SECONDS);
  const batches = await runLoad('server', BATCHES);
  const naive = await runLoad('naive-server', NAIVE);
  return {
    singles: { perSecond: rounded(singles.perSecond), ...latency(singles) },
    batches32: { reportsPerSecond: rounded(batches.perSecond * BATCHES.reports), ...latency(batches) },
    limits: {
      verifyPerSecond: rounded((verifyBefore + verifyAfter) / 2),
      fsyncedAppendsPerSecond: rounded(fsyncedAppendsPerSecond),
    },
    naive: { perSecond: rounded(naive.perSecond) },
    /** Of the CPU time that generator and intake took together while single batches ran. */
    generatorCpuShare:
      Math.round((1_000 * singles.cpuSeconds) / (singles.cpuSeconds + singles.serverCpuSeconds)) / 1_000,
  };
}

type Result = Awaited<ReturnType<typeof measure>>;

function table({ singles, batches32, limits, naive, generatorCpuShare }: Result): string {
  const ratio = (value: number, limit: number): string => (value / limit).toFixed(2);
  const line = (name: string, perSecond: number, note: string): string =>
    `${name.padEnd(34)}${Math.round(perSecond).toLocaleString('en').padStart(10)}/s  ${note}`;
  const times = ({ p50Ms, p99Ms }: { p50Ms: number; p99Ms: number }): string =>
    `receipt p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms`;
  return [
    `${new Date().toISOString()}  Node ${process.version}  ${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown CPU'}`,
    line('single-report batches, receipted', singles.perSecond, times(singles)),
    line('reports in batches of 32, receipted', batches32.reportsPerSecond, times(batches32)),
    line(
      'limit: verifying, two threads',
      limits.verifyPerSecond,
      `singles are ${ratio(singles.perSecond, limits.verifyPerSecond)} of it`,
    ),
    line(
      'limit: fsynced log entries',
      limits.fsyncedAppendsPerSecond,
      `singles are ${ratio(singles.perSecond, limits.fsyncedAppendsPerSecond)} of it`,
    ),
    line(
      'naive: one INSERT a report',
      naive.perSecond,
      `singles are ${(singles.perSecond / naive.perSecond).toFixed(1)} times it`,
    ),
    `the load generator took ${(100 * generatorCpuShare).toFixed(0)} % of the CPU time of both`,
  ].join('\n');
}

const { values } = parseArgs({ options: { json: { type: 'string' } } });
const result = await measure();
console.log(table(result));
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, undefined, 2)}\n`);
