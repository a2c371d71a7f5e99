import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeEnvelope, encodeReportBatch, encodeValidatorRecord, unixMs } from '@sextant/firmware-bridge/protocol';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AdmissionIndex } from './admission-index.ts';
import type { LogLookup } from './ports.ts';
import type { NamedBatch } from './sequence-marks.ts';

const logger = pino({ level: 'silent' });
const signer = new Uint8Array(32).fill(5);
let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'sextant-index-'));
  folder = join(parent, 'index');
});
afterEach(async () => {
  await rm(parent, { recursive: true });
});

function payloadOf(sequence: number, incarnation = 1n): Uint8Array {
  return encodeReportBatch({
    hotspot: signer,
    incarnation,
    sequence,
    createdAtMs: unixMs(1),
    reports: [{ kind: 'gateway_status', framesReceived: 0, framesSent: 0, gatewaySoftware: '', gpsLock: false }],
  });
}

function batch(sequence: number, incarnation = 1n): NamedBatch {
  const payloadHash = createHash('sha256').update(payloadOf(sequence, incarnation)).digest();
  return { signer, name: { incarnation, sequence }, payloadHash };
}

function entry(sequence: number): Uint8Array {
  return encodeEnvelope({ kind: 'report_batch', payload: payloadOf(sequence), signer, signature: new Uint8Array(64) });
}

const mark = encodeEnvelope({
  kind: 'validator_record',
  payload: encodeValidatorRecord({ kind: 'slot_closed', slot: 1, validator: signer }),
  signer,
  signature: new Uint8Array(64),
});

/** A log as the index sees it: entries that were there before. */
function logOf(entries: readonly Uint8Array[]): LogLookup & { reads: number } {
  return {
    reads: 0,
    size: entries.length,
    prove: () => Promise.reject(new Error('not asked for here')),
    async *entries(from, to) {
      for (const bytes of entries.slice(from, to)) {
        this.reads += 1;
        yield await Promise.resolve(bytes);
      }
    },
  };
}

it('knows a batch at once, after closing, and after a crash that lost what it had not written', async () => {
  const entries = [mark, entry(0), entry(1), mark, entry(7)];
  const first = await AdmissionIndex.open({ folder }, { ledger: logOf(entries.slice(0, 3)), logger });
  expect(await first.find([batch(0), batch(1), batch(7), batch(0, 2n)])).toEqual([1, 2, undefined, undefined]);
  first.add(batch(7), 4);
  expect(await first.find([batch(7)])).toEqual([4]);
  await first.close();

  const whole = logOf(entries);
  const second = await AdmissionIndex.open({ folder }, { ledger: whole, logger });
  expect(whole.reads).toBe(0);
  expect(await second.find([batch(1), batch(7), batch(8), batch(3)])).toEqual([2, 4, undefined, undefined]);
  await second.close();

  const longer = logOf([...entries, entry(8)]);
  const third = await AdmissionIndex.open({ folder }, { ledger: longer, logger });
  expect(longer.reads).toBe(1);
  expect(await third.find([batch(8), batch(7), batch(9)])).toEqual([5, 4, undefined]);
  await third.close();
});

it('finds a repeat that is above everything logged since the start', async () => {
  const before = await AdmissionIndex.open({ folder }, { ledger: logOf([]), logger });
  before.add(batch(12), 0);
  await before.close();
  const after = await AdmissionIndex.open({ folder }, { ledger: logOf([entry(12)]), logger });
  expect(await after.find([batch(10)])).toEqual([undefined]);
  after.add(batch(10), 1);
  expect(await after.find([batch(12), batch(10), batch(11), batch(13)])).toEqual([0, 1, undefined, undefined]);
  await after.close();
});

it('is built anew when it is damaged or ahead of the log', async () => {
  const index = await AdmissionIndex.open({ folder }, { ledger: logOf([]), logger });
  for (let i = 0; i < 5; i++) index.add(batch(i), i);
  await index.close();
  const shorter = await AdmissionIndex.open({ folder }, { ledger: logOf([entry(3)]), logger });
  expect(await shorter.find([batch(0), batch(3)])).toEqual([undefined, 0]);
  await shorter.close();

  for (const name of await readdir(folder)) {
    if (name.startsWith('MANIFEST') || name === 'CURRENT') await writeFile(join(folder, name), 'garbage');
  }
  const rebuilt = await AdmissionIndex.open({ folder }, { ledger: logOf([entry(3), entry(4)]), logger });
  expect(await rebuilt.find([batch(3), batch(4)])).toEqual([0, 1]);
  await rebuilt.close();
});
