/**
 * How fast an epoch is read and judged. `node test/dist/bench/epoch.js [hotspots] [rounds]` (default 120 and 8: about
 * 114,000 witness reports) makes an honest network in which everybody hears everybody, writes its log in batches, and
 * computes its second epoch: reading, closing, and the memory both leave behind. Prints JSON: witness reports a second, by
 * the clock and by the processor time of this process (which others on the machine do not disturb).
 */

import { fastVerifySignature } from '@sextant/firmware-bridge/native-ed25519';
import { nativeSha256 } from '@sextant/firmware-bridge/native-sha256';
import { computeEpoch, createGenesisState, openEpoch } from '@sextant/oracle/core';
import { createSeeded } from '../support/world/seeded.ts';
import { beginning, certificates, honestRound } from '../support/world/timeline.ts';
import { createWorld } from '../support/world/world.ts';
import { writeLog } from '../support/world/write-log.ts';

const hotspots = Number(process.argv[2] ?? 120);
const rounds = Number(process.argv[3] ?? 8);
const timing = { slotMs: 5_000, roundMs: 60_000, epochMs: rounds * 60_000, clockMarginMs: 3_000, epochGraceMs: 8_000 };
const world = createWorld({ seed: 1, hotspots, surveyDevices: 2, radiusKm: 8, timing });
const [validator] = world.validators;
if (!validator) throw new Error('a world has a validator');

const life = Array.from({ length: rounds }, (_, i) => honestRound(world, rounds + i)).flat();
const events = [...beginning(world), ...certificates(world, 0, 2 * rounds), ...life];
const disorder = { random: createSeeded(1), maxBatch: 32, repeats: 0 };
const log = writeLog(world, events, { validator, lastEpoch: 1, disorder });
const modules = { verify: fastVerifySignature, cells: new Map(), salt: new Uint8Array(16), sha256: nativeSha256 };
const cutOf = (epoch: number) => ({ attempt: 0, logs: log.cuts.slice(epoch, epoch + 1) });

const state = createGenesisState(world.genesis);
const entries = log.epochs[0] ?? [];
const first = computeEpoch({ entries, state, ruleSet: world.ruleSet, cut: cutOf(0) }, modules);

const MIB = 2 ** 20;
const heldMiB = (): number => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return Math.round(((heapUsed + arrayBuffers) / MIB) * 10) / 10;
};

/** Milliseconds by the clock, and of the processor. */
interface Times {
  readonly clockMs: number;
  readonly cpuMs: number;
}

function timed<T>(work: () => T): { result: T; times: Times } {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = work();
  const clockMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { result, times: { clockMs, cpuMs: (user + system) / 1000 } };
}

const before = heldMiB();
const epoch = openEpoch(first.state, world.ruleSet, modules);
const reading = timed(() => {
  for (const { position, entry } of log.epochs[1] ?? []) epoch.add(position, entry);
});
const readMiB = heldMiB();
const closing = timed(() => epoch.close(cutOf(1)));
const { summary } = closing.result;

const witnessReports = summary.counts['witnessReports'] ?? 0;
const perSecond = ({ clockMs, cpuMs }: Times) => ({
  clock: Math.round((1000 * witnessReports) / clockMs),
  cpu: Math.round((1000 * witnessReports) / cpuMs),
});
const report = {
  hotspots,
  witnessReports,
  validLinks: summary.counts['validLinks'],
  batches: log.epochs[1]?.length,
  readPerSecond: perSecond(reading.times),
  closePerSecond: perSecond(closing.times),
  packedMiB: Math.round((readMiB - before) * 10) / 10,
  closedMiB: Math.round((heldMiB() - before) * 10) / 10,
  peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
};
console.log(JSON.stringify(report, undefined, 2));
