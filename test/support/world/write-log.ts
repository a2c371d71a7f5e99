import type { Signer } from '@sextant/firmware-bridge/native-ed25519';
import {
  encodeEnvelope,
  encodeReportBatch,
  encodeValidatorRecord,
  envelopeMessage,
  epochCutMs,
  leafHash,
  type Report,
  slotAt,
  slotClosesMs,
  unixMs,
} from '@sextant/firmware-bridge/protocol';
import { type CutLog, createMerkleTree, type LogEntry } from '@sextant/oracle/core';
import type { Seeded } from './seeded.ts';
import type { Event, RecordBody } from './timeline.ts';
import type { Validator, World } from './world.ts';

/** One log, cut into epochs. */
export interface WrittenLog {
  readonly origin: string;
  /** Entries of each epoch, the last of each its epoch mark. */
  readonly epochs: readonly (readonly LogEntry[])[];
  /** The log as part of the cut of each epoch. */
  readonly cuts: readonly CutLog[];
}

export interface LogOptions {
  readonly validator: Validator;
  readonly lastEpoch: number;
  /** How this log differs from the orderly one: the order between two marks, and how reports are batched and repeated. */
  readonly disorder?: { readonly random: Seeded; readonly maxBatch: number; readonly repeats: number };
}

/** Writes what happens into a validator's log as the validator would: marks before anything later, then the epoch's mark. */
export function writeLog(world: World, events: readonly Event[], options: LogOptions): WrittenLog {
  const { validator, lastEpoch } = options;
  const origin = `log.example/${Buffer.from(validator.signer.publicKey).toString('hex').slice(0, 8)}`;
  const entries: Uint8Array[] = [];
  const epochs: LogEntry[][] = [];
  const cuts: CutLog[] = [];
  const record = (body: RecordBody): void => {
    entries.push(seal(world, validator.signer, 'validator_record', encodeRecord(validator, body)));
  };
  let closed = -1;
  const closable = (atMs: number): number => slotAt(world.timing, unixMs(atMs - world.timing.clockMarginMs)) - 1;
  const mark = (slot: number): void => {
    if (slot > closed) record({ kind: 'slot_closed', slot });
    closed = Math.max(closed, slot);
  };

  record(world.genesis);
  const sorted = [...events].sort((a, b) => a.atMs - b.atMs);
  let next = 0;
  for (let epoch = 0; epoch <= lastEpoch; epoch++) {
    const start = epochs.reduce((sum, of) => sum + of.length, 0);
    const cutMs = epochCutMs(world.timing, epoch);
    while ((sorted[next]?.atMs ?? Number.POSITIVE_INFINITY) < cutMs) {
      mark(closable(sorted[next]?.atMs ?? 0));
      const untilMs = Math.min(cutMs, slotClosesMs(world.timing, closed + 1));
      const interval: Event[] = [];
      for (; (sorted[next]?.atMs ?? Number.POSITIVE_INFINITY) < untilMs; next++) interval.push(sorted[next] as Event);
      writeInterval(world, interval, { ...options, entries, record });
    }
    mark(closable(cutMs));
    record({ kind: 'epoch_mark', epoch, attempt: 0 });
    epochs.push(entries.slice(start).map((entry, i) => ({ position: { origin, index: start + i }, entry })));
    cuts.push({ origin, size: entries.length, root: createMerkleTree(Buffer.concat(entries.map(leafHash))).root });
  }
  return { origin, epochs, cuts };
}

function encodeRecord(validator: Validator, body: RecordBody): Uint8Array {
  return encodeValidatorRecord({ validator: validator.signer.publicKey, ...body });
}

export function seal(
  world: World,
  signer: Signer,
  kind: 'report_batch' | 'validator_record',
  payload: Uint8Array,
): Uint8Array {
  const signature = signer.sign(envelopeMessage(world.networkId, kind, payload));
  return encodeEnvelope({ kind, payload, signer: signer.publicKey, signature });
}

/** A batch as a bridge would send it. */
export function batchEntry(
  world: World,
  signer: Signer,
  reports: readonly Report[],
  name: { readonly incarnation: bigint; readonly sequence: number },
): Uint8Array {
  const batch = { hotspot: signer.publicKey, ...name, createdAtMs: world.timing.genesisMs, reports };
  return seal(world, signer, 'report_batch', encodeReportBatch(batch));
}

interface IntervalOptions extends LogOptions {
  readonly entries: Uint8Array[];
  readonly record: (body: RecordBody) => void;
}

/** Between two marks the order means nothing; `disorder` makes use of it. */
function writeInterval(world: World, events: readonly Event[], options: IntervalOptions): void {
  const { disorder, entries, record } = options;
  // Each log batches in its own way, so its batches have names of their own.
  const incarnation = Buffer.from(options.validator.signer.publicKey).readBigUInt64BE();
  const ordered = disorder ? disorder.random.shuffle(events) : events;
  const waiting = new Map<Signer, Report[]>();
  const flush = (signer: Signer): void => {
    const reports = waiting.get(signer) ?? [];
    if (reports.length > 0) entries.push(batchEntry(world, signer, reports, { incarnation, sequence: entries.length }));
    waiting.delete(signer);
  };
  for (const event of ordered) {
    if ('record' in event) {
      record(event.record);
      continue;
    }
    if ('entry' in event) {
      entries.push(event.entry);
      continue;
    }
    const copies = 1 + (disorder ? disorder.random.integer(0, disorder.repeats) : 0);
    for (let copy = 0; copy < copies; copy++) {
      waiting.set(event.from, [...(waiting.get(event.from) ?? []), event.report]);
      const limit = disorder ? disorder.random.integer(1, disorder.maxBatch) : 1;
      if ((waiting.get(event.from)?.length ?? 0) >= limit) flush(event.from);
    }
  }
  for (const signer of waiting.keys()) flush(signer);
}
