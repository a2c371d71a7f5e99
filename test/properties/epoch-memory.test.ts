import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { computeEpoch, createGenesisState, openEpoch } from '@sextant/oracle/core';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/runs.ts';
import { worldModules } from '../support/world/run-epochs.ts';
import { createSeeded } from '../support/world/seeded.ts';
import { beginning, certificates, honestRound } from '../support/world/timeline.ts';
import { createWorld, type Validator, type World } from '../support/world/world.ts';
import { type WrittenLog, writeLog } from '../support/world/write-log.ts';

const HOTSPOTS = 60;
/** Each round brings 60 × 59 receptions: 29 rounds are 102,660 witness reports, a tenth of them without SEXTANT_FULL=1. */
const ROUNDS = runs(29);
/** Of each witness report, beside what an epoch takes anyway. */
const OPEN_BYTES = 400;
const CLOSED_BYTES = 1_000;
const ANYWAY_BYTES = 6 * 2 ** 20;

function collectedBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Only the log outlives it: what is measured later is what the epoch keeps. */
function writtenWorld(): { world: World; log: WrittenLog } {
  const timing = {
    slotMs: 5_000,
    roundMs: 60_000,
    epochMs: ROUNDS * 60_000,
    clockMarginMs: 3_000,
    epochGraceMs: 8_000,
  };
  const world = createWorld({ seed: 101, hotspots: HOTSPOTS, timing });
  const life = Array.from({ length: ROUNDS }, (_, i) => honestRound(world, ROUNDS + i)).flat();
  const events = [...beginning(world), ...certificates(world, 0, 2 * ROUNDS), ...life];
  const disorder = { random: createSeeded(1), maxBatch: 32, repeats: 0 };
  return {
    world,
    log: writeLog(world, events, { validator: world.validators[0] as Validator, lastEpoch: 1, disorder }),
  };
}

describe(`an epoch of ${ROUNDS * HOTSPOTS * (HOTSPOTS - 1)} receptions`, () => {
  it(`keeps at most ${OPEN_BYTES} bytes a witness report while open, ${CLOSED_BYTES} with its result`, () => {
    const { world, log } = writtenWorld();
    const modules = worldModules();
    const cutOf = (epoch: number) => ({ attempt: 0, logs: log.cuts.slice(epoch, epoch + 1) });
    const genesis = createGenesisState(world.genesis);
    const { state } = computeEpoch(
      { entries: log.epochs[0] ?? [], state: genesis, ruleSet: world.ruleSet, cut: cutOf(0) },
      modules,
    );

    const before = collectedBytes();
    const epoch = openEpoch(state, world.ruleSet, modules);
    for (const { position, entry } of log.epochs[1] ?? []) epoch.add(position, entry);
    const open = collectedBytes() - before;
    const result = epoch.close(cutOf(1));
    const closed = collectedBytes() - before;
    const witnessReports = result.summary.counts['witnessReports'] ?? 0;
    const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
    console.log(
      `${witnessReports} witness reports: open ${mib(open)} MiB, closed ${mib(closed)} MiB, rss ${mib(process.memoryUsage().rss)} MiB`,
    );

    expect(witnessReports).toBeGreaterThan(0.9 * ROUNDS * HOTSPOTS * (HOTSPOTS - 1));
    expect(open).toBeLessThan(ANYWAY_BYTES + OPEN_BYTES * witnessReports);
    expect(closed).toBeLessThan(ANYWAY_BYTES + CLOSED_BYTES * witnessReports);
  }, 600_000);
});
