import {
  encodeEnvelope,
  encodeReportBatch,
  epochCutMs,
  type Report,
  revealAtMs,
  unixMs,
} from '@sextant/firmware-bridge/protocol';
import { createGenesisState, openEpoch } from '@sextant/oracle/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/runs.ts';
import { live } from '../support/world/live.ts';
import { outcomeOf, paidTo, type Result } from '../support/world/outcome-of.ts';
import { beaconOf, witnessOf } from '../support/world/radio.ts';
import { worldModules } from '../support/world/run-epochs.ts';
import { createSeeded } from '../support/world/seeded.ts';
import {
  beginning,
  certificates,
  type Event,
  epochEndMs,
  heardByAll,
  honestLife,
  sent,
} from '../support/world/timeline.ts';
import { createWorld, type Member, type Validator } from '../support/world/world.ts';
import { batchEntry, seal, writeLog } from '../support/world/write-log.ts';

const world = createWorld({ seed: 31, hotspots: 6, surveyDevices: 1, radiusKm: 4 });
const [sender, witness] = world.hotspots as [Member, Member];
const begun = [...beginning(world), ...certificates(world, 0, 8)];
const status = (framesReceived: number): Report => ({
  kind: 'gateway_status',
  framesReceived,
  framesSent: 0,
  gatewaySoftware: 'x',
  gpsLock: false,
});

describe('two batches of one name', () => {
  const beacon = beaconOf(world, sender, 2);
  const report = witnessOf(witness, beacon);
  if (!report) throw new Error('the sample witness must hear the sample beacon');
  const atMs = report.receivedAtMs + 400;
  const others = heardByAll(world, beacon).filter((event) => !('from' in event) || event.from !== witness.signer);
  const name = { incarnation: 77n, sequence: 5 };
  const named = (reports: Report[]): Event => ({ atMs, entry: batchEntry(world, witness.signer, reports, name) });

  it('are both void, without blame', () => {
    const results = live(world, [...begun, ...others, named([report]), named([status(1)])], 1);
    expect(outcomeOf(world, results, witness, report)).toBe('insufficient/batch_name_conflict');
    expect(outcomeOf(world, results, witness, status(1))).toBe('insufficient/batch_name_conflict');
    expect(paidTo(results[1] as Result, witness)).toBe(0n);
  });

  it('are one batch when their contents are the same', () => {
    const results = live(world, [...begun, ...others, named([report]), named([report])], 1);
    expect(outcomeOf(world, results, witness, report)).toBe('valid');
  });

  it('void no report that also came in a batch with a name of its own', () => {
    const events = [...begun, ...others, named([report]), named([status(1)]), sent(witness, atMs + 50, report)];
    expect(outcomeOf(world, live(world, events, 1), witness, report)).toBe('valid');
  });

  it('leave such a report where its good copy stands', () => {
    const late = sent(witness, revealAtMs(world.timing, beacon.slot) + 900, report);
    const events = [...begun, ...others, named([report]), named([status(1)]), late];
    expect(outcomeOf(world, live(world, events, 1), witness, report)).toBe('insufficient/after_slot_closed');
  });
});

describe('every report', () => {
  const events = honestLife(world, 3);
  const plain = live(world, events, 3);

  it('has exactly one outcome in exactly one epoch, however often and late copies of it come', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = createSeeded(seed);
        const copies = events.flatMap((event) =>
          'from' in event && random.next() < 0.3
            ? [{ ...event, atMs: event.atMs + random.integer(1, 3 * world.timing.epochMs) }]
            : [],
        );
        const results = live(world, [...events, ...copies], 3, { random, maxBatch: 9, repeats: 1 });
        const ids = results.flatMap(({ verdicts }) =>
          [...verdicts].map(({ reportId }) => Buffer.from(reportId).toString('hex')),
        );
        expect(new Set(ids).size).toBe(ids.length);
        // Copies that come later change no verdict, and so nothing that is paid.
        expect(results.map(({ summary }) => summary.roots.verdicts)).toEqual(
          plain.map(({ summary }) => summary.roots.verdicts),
        );
        expect(results.map(({ rewards }) => rewards)).toEqual(plain.map(({ rewards }) => rewards));
      }),
      { numRuns: runs(40) },
    );
  });
});

describe('late reports', () => {
  const beacon = beaconOf(world, sender, 3);
  const report = witnessOf(witness, beacon);
  if (!report) throw new Error('the sample witness must hear the sample beacon');
  const cutMs = epochCutMs(world.timing, 1);

  it('are recorded once and unpaid when their epoch is past', () => {
    const lateMs = cutMs + 20_000;
    const late = [sent(sender, lateMs, beacon.reveal), sent(witness, lateMs, report)];
    const results = live(
      world,
      [...begun, ...late, ...late.map((event) => ({ ...event, atMs: lateMs + world.timing.epochMs }))],
      3,
    );
    expect(outcomeOf(world, results, sender, beacon.reveal)).toBe('insufficient/outside_epoch');
    expect(outcomeOf(world, results, witness, report)).toBe('insufficient/outside_epoch');
    for (const result of results) expect(paidTo(result, witness) + paidTo(result, sender)).toBe(0n);
  });

  it('are nothing when they tell of a round more than one epoch ahead', () => {
    const ahead = { ...report, receivedAtMs: unixMs(epochEndMs(world, 4)) };
    const results = live(world, [...begun, sent(witness, report.receivedAtMs, ahead)], 1);
    expect(outcomeOf(world, results, witness, ahead)).toBe('0 verdicts');
  });
});

describe('entries that say nothing', () => {
  const open = () => openEpoch(createGenesisState(world.genesis), world.ruleSet, worldModules());
  const log = writeLog(world, begun, { validator: world.validators[0] as Validator, lastEpoch: 0 });
  const first = log.epochs[0]?.[0];
  if (!first) throw new Error('a log starts with its genesis record');
  const { origin } = first.position;
  const batch = { hotspot: sender.key, incarnation: 1n, sequence: 1, createdAtMs: unixMs(0), reports: [status(1)] };
  const payload = encodeReportBatch(batch);

  it('are refused with a reason, and count as read', () => {
    const epoch = open();
    epoch.add(first.position, first.entry);
    const unsigned = encodeEnvelope({
      kind: 'report_batch',
      payload,
      signer: sender.key,
      signature: new Uint8Array(64),
    });
    const forged = seal(world, witness.signer, 'report_batch', payload);
    const stranger = seal(world, sender.signer, 'validator_record', Uint8Array.of(1));
    const cases = [
      [Uint8Array.of(1, 2, 3), 'malformed'],
      [unsigned, 'bad_signature'],
      [forged, 'wrong_signer'],
      [stranger, 'malformed'],
    ] as const;
    cases.forEach(([entry, reason], i) => {
      expect(epoch.add({ origin, index: 1 + i }, entry)).toEqual({ kind: 'refused', reason });
    });
  });

  it('are all those of a log that is not of this network', () => {
    const epoch = open();
    const other = createWorld({ seed: 32, hotspots: 1 });
    const foreign = writeLog(other, beginning(other), { validator: other.validators[0] as Validator, lastEpoch: 0 });
    for (const { position, entry } of foreign.epochs[0] ?? []) {
      expect(epoch.add(position, entry)).toEqual({ kind: 'refused', reason: 'foreign_log' });
    }
  });

  it('and a log read out of order is an error of the reader', () => {
    const epoch = open();
    expect(() => epoch.add({ origin, index: 1 }, first.entry)).toThrow(RangeError);
    epoch.add(first.position, first.entry);
    expect(() => epoch.add(first.position, first.entry)).toThrow(RangeError);
    expect(() => epoch.close({ attempt: 0, logs: [{ origin, size: 2, root: new Uint8Array(32) }] })).toThrow(
      RangeError,
    );
  });
});
