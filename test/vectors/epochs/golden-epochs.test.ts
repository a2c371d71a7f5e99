import { readFileSync } from 'node:fs';
import { bytesToHex, decodeEnvelope, decodeValidatorRecord, type Genesis } from '@sextant/firmware-bridge/protocol';
import { computeEpoch, createGenesisState, RULE_SET_NUMBERS, ruleSetFor } from '@sextant/oracle/core';
import { describe, expect, it } from 'vitest';
import { type RecordedLog, readRecordedLog } from '../../support/world/recorded-log.ts';
import { worldModules } from '../../support/world/run-epochs.ts';

function readJson(ruleSet: number, name: string): unknown {
  return JSON.parse(readFileSync(new URL(`rule-set-${ruleSet}/${name}`, import.meta.url), 'utf8'));
}

function genesisOf(entry: Uint8Array | undefined): Genesis {
  const envelope = decodeEnvelope(entry ?? new Uint8Array());
  const record = envelope.ok ? decodeValidatorRecord(envelope.value.payload) : envelope;
  if (!record.ok || record.value.kind !== 'genesis') throw new Error('a recorded log starts with its genesis record');
  return record.value;
}

describe.each(RULE_SET_NUMBERS)('epochs recorded under rule set %i', (number) => {
  const log = readRecordedLog(readJson(number, 'log.json') as RecordedLog);
  const genesis = genesisOf(log.epochs[0]?.[0]?.entry);
  const ruleSet = ruleSetFor(number, genesis.timing);

  it('are under the rule set of that number, to the last parameter', () => {
    // Fails when a parameter has changed. A rule set that a network runs under is never changed: make a new one. Before
    // its first network, record anew: node test/dist/vectors/epochs/record.js
    expect(ruleSet && bytesToHex(ruleSet.id)).toBe(bytesToHex(genesis.ruleSetId));
  });

  it('have the summaries they had', () => {
    const summaries = readJson(number, 'summaries.json') as unknown[];
    if (!ruleSet) throw new Error(`this core does not know rule set ${number}`);
    let state = createGenesisState(genesis);
    for (const [i, entries] of log.epochs.entries()) {
      const cut = { attempt: 0, logs: log.cuts.slice(i, i + 1) };
      const result = computeEpoch({ entries, state, ruleSet, cut }, worldModules());
      expect(JSON.parse(result.summaryJson)).toEqual(summaries[i]);
      ({ state } = result);
    }
    expect(log.epochs.length).toBe(summaries.length);
  });
});
