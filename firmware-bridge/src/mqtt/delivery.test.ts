import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '../clock/manual-clock.ts';
import { createSeedSigner, fastVerifySignature, type Signer } from '../crypto/native-ed25519.ts';
import type { PinnedValidator } from '../network/network-facts.ts';
import { openLevelStore } from '../outbox/level-store.ts';
import { Outbox } from '../outbox/outbox.ts';
import type { OutboxPartition } from '../outbox/partition.ts';
import type { SealedBatch } from '../outbox/sealed-batch.ts';
import {
  type AdmissionReason,
  decodeEnvelope,
  encodeReceiptMessage,
  formatCheckpoint,
  formatId,
  formatSignedNote,
  leafHash,
  NOTE_SIGNATURE_TYPES,
  noteKeyId,
  payloadHash,
  type Report,
  refusalMessage,
  unixMs,
  utf8ToBytes,
} from '../protocol/index.ts';
import { createSeededRandom } from '../random.ts';
import { Delivery } from './delivery.ts';

const hotspot = createSeedSigner(new Uint8Array(32).fill(1));
const keys: readonly Signer[] = [11, 12, 13, 14].map((n) => createSeedSigner(new Uint8Array(32).fill(n)));
const validators: readonly PinnedValidator[] = keys.map(({ publicKey }, i) => ({
  id: formatId('validator', publicKey),
  logKey: publicKey,
  origin: `test/log-${i}`,
  chainAnchor: new Uint8Array(32),
  firstRound: 0,
  owner: new Uint8Array(20),
  brokerUrl: 'mqtt://127.0.0.1',
  needsBrokerSession: false,
}));
const report: Report = {
  kind: 'gateway_status',
  framesReceived: 1,
  framesSent: 0,
  gatewaySoftware: '',
  gpsLock: false,
};

let folder: string;
let clock: ManualClock;
let outbox: Outbox;
let partition: OutboxPartition;
let delivery: Delivery;
/** What was sent to each validator. */
let sent: Uint8Array[][];
let isConnected: boolean[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'delivery-'));
  clock = createManualClock();
  const logger = pino({ enabled: false });
  const random = createSeededRandom('x');
  const options = { networkId: 'test', maxBytes: 1e6, maxUnsavedReports: 100 };
  outbox = new Outbox(options, { store: await openLevelStore(folder), clock, timers: clock, logger, random });
  partition = await outbox.openPartition(hotspot, 'a');
  sent = validators.map(() => []);
  isConnected = validators.map(() => true);
  const links = validators.map((_, i) => ({
    get isConnected() {
      return isConnected[i] ?? false;
    },
    publishReport: (envelope: Uint8Array) => void sent[i]?.push(envelope),
    hurry: () => undefined,
  }));
  delivery = new Delivery(
    { networkId: 'test', validators, maxInFlight: 4, flushDelayMs: 500 },
    { partition, links, clock, timers: clock, random, verify: fastVerifySignature, logger, onSettled: () => [] },
  );
});
afterEach(async () => {
  await delivery.stop();
  await outbox.close();
  await rm(folder, { recursive: true, force: true });
});

async function sendOne(): Promise<SealedBatch> {
  await partition.add([report]);
  delivery.flushSoon();
  await clock.advanceTo(unixMs(clock.now() + 500));
  const [batch] = partition.openBatches();
  if (!batch) throw new Error('nothing was sealed');
  return batch;
}

function nameOf({ incarnation, sequence, envelope }: SealedBatch) {
  const decoded = decodeEnvelope(envelope);
  if (!decoded.ok) throw new Error('no envelope');
  return { incarnation, sequence, payloadHash: payloadHash(decoded.value.payload) };
}

function receiptOf(batch: SealedBatch, index: number): Uint8Array {
  const [signer, validator] = [keys[index], validators[index]];
  if (!signer || !validator) throw new RangeError(`no validator ${index}`);
  const text = formatCheckpoint({ origin: validator.origin, size: 1, root: leafHash(batch.envelope) });
  const key = { name: validator.origin, type: NOTE_SIGNATURE_TYPES.ed25519, publicKey: signer.publicKey };
  const signature = signer.sign(utf8ToBytes(text));
  const checkpoint = formatSignedNote(text, [{ name: key.name, keyId: noteKeyId(key), signature }]);
  return encodeReceiptMessage({ kind: 'receipt', ...nameOf(batch), leafIndex: 0, proof: [], checkpoint });
}

function refusalOf(batch: SealedBatch, index: number, reason: AdmissionReason): Uint8Array {
  const signer = keys[index];
  if (!signer) throw new RangeError(`no validator ${index}`);
  const name = { ...nameOf(batch), reason };
  const signature = signer.sign(refusalMessage('test', hotspot.publicKey, name));
  const validator = signer.publicKey;
  return encodeReceiptMessage({ kind: 'refusal', ...name, validator, signature, retryAfterMs: 0 });
}

describe('with four validators, of which one may be faulty', () => {
  it('a batch goes to all of them and leaves against three receipts, not against one three times', async () => {
    const batch = await sendOne();
    expect(sent.map((envelopes) => envelopes.length)).toEqual([1, 1, 1, 1]);
    for (let i = 0; i < 3; i++) delivery.receiptArrived(receiptOf(batch, 0));
    delivery.receiptArrived(receiptOf(batch, 1));
    await partition.whenSaved();
    expect(partition.openBatches()).toHaveLength(1);
    delivery.receiptArrived(receiptOf(batch, 3));
    await delivery.idle();
    expect(partition.status().totals.receipted).toEqual({ gateway_status: 1 });
  });

  it('two refusals for one reason make a dead letter; for two reasons they do not', async () => {
    const batch = await sendOne();
    delivery.receiptArrived(refusalOf(batch, 0, 'too_old'));
    delivery.receiptArrived(refusalOf(batch, 1, 'bad_schema'));
    expect(partition.openBatches()).toHaveLength(1);
    delivery.receiptArrived(refusalOf(batch, 2, 'bad_schema'));
    await delivery.idle();
    expect(await partition.deadLetters()).toMatchObject([{ reason: 'bad_schema' }]);
  });

  it('one faulty refusal does not keep three receipts from counting', async () => {
    const batch = await sendOne();
    delivery.receiptArrived(refusalOf(batch, 2, 'unknown_key'));
    for (const index of [0, 1, 3]) delivery.receiptArrived(receiptOf(batch, index));
    await delivery.idle();
    expect(partition.status().totals).toMatchObject({ receipted: { gateway_status: 1 }, deadLettered: {} });
  });

  it('silence brings the same bytes again, less and less often; who was away gets them when it is back', async () => {
    isConnected[3] = false;
    const batch = await sendOne();
    expect(sent[3]).toEqual([]);
    await clock.advanceTo(unixMs(clock.now() + 3_600_000));
    const times = sent[0]?.length ?? 0;
    // 10 s, 20 s, 40 s … 300 s, each shortened by up to a half.
    expect(times).toBeGreaterThan(12);
    expect(times).toBeLessThan(35);
    expect(new Set(sent[0]?.map((envelope) => Buffer.from(envelope).toString('hex'))).size).toBe(1);
    isConnected[3] = true;
    delivery.connected(3);
    expect(sent[3]).toEqual([batch.envelope]);
  });
});
