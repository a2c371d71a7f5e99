import { bytesToHex, type Verdict } from '@sextant/firmware-bridge/protocol';
import { createGenesisState, openEpoch } from '@sextant/oracle/core';
import { describe, expect, it } from 'vitest';
import { mischief } from '../support/world/mischief.ts';
import { worldModules } from '../support/world/run-epochs.ts';
import { createWorld, type Validator } from '../support/world/world.ts';
import { writeLog } from '../support/world/write-log.ts';

describe('provisional judgements', () => {
  const world = createWorld({ seed: 81, hotspots: 6, surveyDevices: 2, radiusKm: 4 });
  const log = writeLog(world, mischief(world, 3), { validator: world.validators[0] as Validator, lastEpoch: 3 });
  const modules = worldModules();

  it('asked for as soon as a report is read leave no trace in the result, and at the cut are what it says', () => {
    let state = createGenesisState(world.genesis);
    for (const [i, entries] of log.epochs.entries()) {
      const [asked, silent] = [openEpoch(state, world.ruleSet, modules), openEpoch(state, world.ruleSet, modules)];
      for (const { position, entry } of entries) {
        silent.add(position, entry);
        const added = asked.add(position, entry);
        if (added.kind === 'batch') for (const { reportId } of added.reports) asked.judge(reportId);
      }
      const cut = { attempt: 0, logs: log.cuts.slice(i, i + 1) };
      const result = silent.close(cut);
      // Reveals first: witness reports are compared with those judged so far.
      for (const { subject, reportId } of result.verdicts) if (subject !== 'witness') asked.judge(reportId);
      const provisional = new Map<string, Verdict>();
      for (const verdict of result.verdicts) {
        const judged = asked.judge(verdict.reportId);
        if (judged) provisional.set(bytesToHex(verdict.reportId), judged.verdict);
        // What a reveal says of its witnesses is what they are told themselves.
        for (const link of judged?.links ?? [])
          expect(asked.judge(link.verdict.reportId)?.verdict).toEqual(link.verdict);
      }
      expect(provisional).toEqual(
        new Map([...result.verdicts].map((verdict) => [bytesToHex(verdict.reportId), verdict])),
      );
      const links = [...result.links].map(({ reportId }) => asked.judge(reportId)?.link);
      expect(links).toEqual([...result.links].map((link) => ({ ...link, selected: false, shares: 0n })));
      expect(asked.close(cut).summaryJson).toBe(result.summaryJson);
      for (const carried of result.state.carried) expect(carried.report.length).toBeGreaterThan(0);
      ({ state } = result);
    }
  });

  it('exist only for reports of the epoch', () => {
    const epoch = openEpoch(createGenesisState(world.genesis), world.ruleSet, modules);
    expect(epoch.judge(new Uint8Array(32))).toBeUndefined();
    expect(epoch.carried).toEqual([]);
  });

  it('come with the epoch for what waits since the one before', () => {
    const genesis = createGenesisState(world.genesis);
    const first = openEpoch(genesis, world.ruleSet, modules);
    for (const { position, entry } of log.epochs[0] ?? []) first.add(position, entry);
    const { state } = first.close({ attempt: 0, logs: log.cuts.slice(0, 1) });
    const second = openEpoch(state, world.ruleSet, modules);
    expect(second.carried.length).toBeGreaterThan(0);
    expect(second.carried.length).toBe(state.carried.length);
    for (const reportId of second.carried) expect(second.judge(reportId)?.verdict.outcome).toBeDefined();
  });

  it('are of one rule set', () => {
    const other = createWorld({ seed: 81, hotspots: 6, timing: { ...world.ruleSet.timing, slotMs: 4_000 } });
    expect(() => openEpoch(createGenesisState(world.genesis), other.ruleSet, modules)).toThrow(RangeError);
  });
});
