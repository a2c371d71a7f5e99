import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastVerifySignature } from '@sextant/firmware-bridge/native-ed25519';
import { bytesToHex, type Verdict } from '@sextant/firmware-bridge/protocol';
import { createGenesisState, type EpochResult, type EpochState, encodeState } from '@sextant/oracle/core';
import {
  type EpochArchive,
  type JudgedLog,
  JudgeLoop,
  openEpochArchive,
  readVerdictLeaves,
  recomputeClosedEpochs,
} from '@sextant/oracle/judge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEpochs } from '../support/world/run-epochs.ts';
import { honestLife } from '../support/world/timeline.ts';
import { createWorld, type Validator } from '../support/world/world.ts';
import { writeLog } from '../support/world/write-log.ts';

const world = createWorld({ seed: 7, hotspots: 6, surveyDevices: 1 });
const validator = world.validators[0] as Validator;
const written = writeLog(world, honestLife(world, 3), { validator, lastEpoch: 3 });
const entries = written.epochs.flat().map(({ entry }) => entry);
const expected = runEpochs(world, [written]);
const genesis = createGenesisState(world.genesis);
const { ruleSet } = world;

/** The first `size` entries, as a ledger would give them. */
function logOf(size: number): JudgedLog & { grow(to: number): void } {
  let now = size;
  return {
    checkpoint: () => ({ origin: written.origin, size: now }),
    async *entries(from, to) {
      yield* entries.slice(from, to);
    },
    async rootAt(at) {
      const cut = written.cuts.find((each) => each.size === at);
      if (!cut) throw new Error(`nobody should ask for the root at ${at}`);
      return cut.root;
    },
    grow(to) {
      now = to;
    },
  };
}

interface Told {
  readonly closed: EpochResult<EpochState>[];
  /** By report id: the last verdict told while its epoch was open. */
  readonly provisional: Map<string, Verdict>;
}

async function openLoop(log: JudgedLog, archive: EpochArchive): Promise<{ loop: JudgeLoop; told: Told }> {
  const told: Told = { closed: [], provisional: new Map() };
  const loop = await JudgeLoop.open(
    { ruleSet, genesis, validator: validator.signer.publicKey, chunkEntries: 16 },
    {
      log,
      archive,
      verify: fastVerifySignature,
      salt: new Uint8Array(16).fill(2),
      onProvisional: ({ verdicts }) => {
        for (const verdict of verdicts) told.provisional.set(bytesToHex(verdict.reportId), verdict);
      },
      onSuccessor: () => undefined,
      onClosed: (result) => void told.closed.push(result),
    },
  );
  return { loop, told };
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'judge-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const summariesOf = (results: readonly EpochResult<EpochState>[]) => results.map(({ summaryJson }) => summaryJson);

describe('the judge', () => {
  it('closes each epoch at its mark with what anybody computes, and keeps it', async () => {
    const archive = openEpochArchive(join(folder, 'whole'));
    const { loop, told } = await openLoop(logOf(entries.length), archive);
    await loop.catchUp();
    expect(summariesOf(told.closed)).toEqual(summariesOf(expected));
    expect(loop.judged).toBe(entries.length);
    expect(await archive.latestEpoch()).toBe(3);
    for (const [epoch, result] of expected.entries()) {
      expect(Buffer.from((await archive.findSummary(epoch)) ?? []).toString()).toBe(result.summaryJson);
      const state = await archive.findState(epoch);
      expect(state && bytesToHex(encodeState(state).root)).toBe(result.summary.roots.state);
      const leaves = readVerdictLeaves((await archive.findVerdictLeaves(epoch)) ?? new Uint8Array(1));
      expect(leaves && bytesToHex(leaves.tree.root)).toBe(result.summary.roots.verdicts);
    }
  });

  it('tells of every reveal and reception before its epoch closes, and as it ends up', async () => {
    const { loop, told } = await openLoop(logOf(entries.length), openEpochArchive(join(folder, 'live')));
    await loop.catchUp();
    const final = expected.flatMap(({ verdicts }) => [...verdicts]);
    const links = final.filter(({ subject, outcome }) => subject !== 'other' && outcome === 'valid');
    expect(links.length).toBeGreaterThan(100);
    for (const verdict of links) expect(told.provisional.get(bytesToHex(verdict.reportId))).toEqual(verdict);
  });

  it.each([1, 40, 200])('goes on where it was after a restart each %i entries', async (step) => {
    const archive = openEpochArchive(join(folder, `restart-${step}`));
    const closed: EpochResult<EpochState>[] = [];
    for (let size = Math.min(step, entries.length); ; size = Math.min(size + step, entries.length)) {
      const isLast = size === entries.length;
      if (step > 1 || isLast || written.cuts.some((cut) => Math.abs(cut.size - size) <= 1)) {
        const { loop, told } = await openLoop(logOf(size), archive);
        await loop.catchUp();
        closed.push(...told.closed);
      }
      if (isLast) break;
    }
    expect(summariesOf(closed)).toEqual(summariesOf(expected));
  });

  it('judges what comes while it works', async () => {
    const log = logOf(10);
    const { loop, told } = await openLoop(log, openEpochArchive(join(folder, 'growing')));
    const working = loop.catchUp();
    log.grow(entries.length);
    await working;
    await loop.catchUp();
    expect(summariesOf(told.closed)).toEqual(summariesOf(expected));
  });

  it('computes closed epochs once more for a database that lost them, from any of them on', async () => {
    const archive = openEpochArchive(join(folder, 'whole'));
    const modules = { log: logOf(entries.length), archive, verify: fastVerifySignature, salt: new Uint8Array(16) };
    for (const from of [0, 2]) {
      const again: EpochResult<EpochState>[] = [];
      for await (const result of recomputeClosedEpochs(from, { ruleSet, genesis }, modules)) again.push(result);
      expect(summariesOf(again)).toEqual(summariesOf(expected.slice(from)));
    }
  });

  it('does not trust an archive that was changed', async () => {
    const changed = join(folder, 'changed');
    const archive = openEpochArchive(changed);
    const { loop } = await openLoop(logOf(entries.length), archive);
    await loop.catchUp();
    const summary = Buffer.from((await archive.findSummary(1)) ?? []).toString();
    await writeFile(join(changed, '00000001', 'summary.json'), summary.replace('"attempt":', '"attempt" :'));
    const modules = { log: logOf(entries.length), archive, verify: fastVerifySignature, salt: new Uint8Array(16) };
    const again = recomputeClosedEpochs(0, { ruleSet, genesis }, modules);
    await again.next();
    await expect(again.next()).rejects.toThrow(/rebuild/);
    await writeFile(join(changed, '00000003', 'state'), 'nonsense');
    expect(await archive.findState(3)).toBeUndefined();
  });

  it('leaves no half-written epoch behind', async () => {
    const names = await readdir(join(folder, 'whole'));
    expect(names.toSorted()).toEqual(['00000000', '00000001', '00000002', '00000003', 'parts']);
  });
});
