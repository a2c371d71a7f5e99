import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSystemClock } from '@sextant/firmware-bridge/clock';
import {
  BATCH_MAX_REPORTS,
  decodeEnvelope,
  encodeEnvelope,
  encodeReportBatch,
  envelopeMessage,
  unixMs,
} from '@sextant/firmware-bridge/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokersUnderTest, loginOf, type PreparedBroker } from './support/brokers.ts';
import { HotspotClient, meaningOf } from './support/hotspot-client.ts';
import { batchOf, hotspot, knowing, NETWORK_ID, tokenOf } from './support/participants.ts';
import { EPOCH_MS, LATE_EPOCHS, startTestIntake, type TestIntake } from './support/test-intake.ts';

describe.each(brokersUnderTest)('batches over the $name', ({ missing, prepare }) => {
  const clock = createSystemClock();
  const [anna, boris, stranger] = [hotspot(1), hotspot(2), hotspot(3)];
  let folder: string;
  let broker: PreparedBroker;
  let intake: TestIntake;
  let a: HotspotClient;
  let sequence = 0;

  async function enter(): Promise<void> {
    const token = tokenOf(anna, clock.now());
    expect(await broker.announce(intake, loginOf(anna, token))).toBe(200);
    a = await HotspotClient.open(broker.url(intake), anna, token);
  }

  async function start(): Promise<void> {
    const knownKeys = knowing([anna, boris]);
    intake = await startTestIntake({ folder, clock, knownKeys, broker: broker.choice });
    await enter();
  }

  beforeAll(async () => {
    if (missing) return;
    folder = await mkdtemp(join(tmpdir(), 'sextant-receipts-'));
    broker = await prepare();
    await start();
  });
  afterAll(async () => {
    if (missing) return;
    await a.close();
    await intake.close();
    await broker.close();
    await rm(folder, { recursive: true });
  });

  const fresh = (terms = {}): Uint8Array => batchOf(anna, { sequence: sequence++, createdAtMs: clock.now(), ...terms });
  const answerTo = async (envelope: Uint8Array): Promise<string> => meaningOf(envelope, await a.send(envelope), anna);

  it.skipIf(missing)('are in the log when their receipt comes, byte for byte', async () => {
    const envelope = fresh();
    const leaf = intake.ledger.size;
    expect(await answerTo(envelope)).toBe(`receipt ${leaf}`);
    expect(Buffer.from(await intake.ledger.readEntry(leaf)).equals(envelope)).toBe(true);
  });

  it.skipIf(missing)('get the receipt they have when they are repeated, at once or after a restart', async () => {
    const [first, second] = [fresh(), fresh()];
    const leaf = intake.ledger.size;
    const together = await Promise.all([first, first, second, first, second].map(answerTo));
    expect(together).toEqual([0, 0, 1, 0, 1].map((offset) => `receipt ${leaf + offset}`));
    await a.close();
    await intake.close();
    await start();
    expect(intake.ledger.size).toBe(leaf + 2);
    expect(await answerTo(second)).toBe(`receipt ${leaf + 1}`);
    const third = fresh();
    expect(await answerTo(third)).toBe(`receipt ${leaf + 2}`);
    expect(await answerTo(first)).toBe(`receipt ${leaf}`);
    expect(intake.ledger.size).toBe(leaf + 3);
  });

  it.skipIf(missing)('are refused with one signed reason each, and none of those is in the log', async () => {
    const size = intake.ledger.size;
    const nowMs = clock.now();
    const good = decodeEnvelope(fresh());
    if (!good.ok) throw new Error('a good envelope cannot be decoded');
    const tampered = encodeEnvelope({ ...good.value, signature: good.value.signature.map((byte) => byte ^ 1) });
    const ofStranger = batchOf(stranger, { sequence: 1, createdAtMs: nowMs });
    const forAnother = fresh({ hotspot: boris.signer.publicKey });
    const cases: [Uint8Array, string][] = [
      [tampered, 'bad_signature'],
      [fresh({ networkId: 'other' }), 'bad_signature'],
      [ofStranger, 'unknown_key'],
      [batchOf(boris, { sequence: 1, createdAtMs: nowMs }), 'wrong_sender'],
      [forAnother, 'wrong_sender'],
      [fresh({ createdAtMs: unixMs(nowMs + 11 * 60_000) }), 'created_in_future'],
      [fresh({ createdAtMs: unixMs(nowMs - LATE_EPOCHS * EPOCH_MS - 60_000) }), 'too_old'],
    ];
    for (const [envelope, reason] of cases) expect(await answerTo(envelope)).toBe(reason);
    expect(intake.ledger.size).toBe(size);
  });

  it.skipIf(missing)('are answered even when they cannot be read', async () => {
    const payload = Buffer.concat([encodeReportBatch(emptyish(anna.signer.publicKey)), Buffer.of(0x2a, 1, 0xff)]);
    const signature = anna.signer.sign(envelopeMessage(NETWORK_ID, 'report_batch', payload));
    const damaged = encodeEnvelope({ kind: 'report_batch', payload, signer: anna.signer.publicKey, signature });
    for (const bytes of [damaged, Buffer.from('not an envelope at all')]) {
      const answer = await a.send(bytes);
      expect(answer).toMatchObject({ kind: 'refusal', reason: 'bad_schema', retryAfterMs: 0 });
    }
    const largest = await a.send(Buffer.alloc(65_536));
    expect(largest).toMatchObject({ kind: 'refusal', reason: 'too_large' });
  });

  it.skipIf(missing)('may have 256 reports', async () => {
    const payload = encodeReportBatch({ ...emptyish(anna.signer.publicKey), ...manyReports() });
    const signature = anna.signer.sign(envelopeMessage(NETWORK_ID, 'report_batch', payload));
    const envelope = encodeEnvelope({ kind: 'report_batch', payload, signer: anna.signer.publicKey, signature });
    expect(await answerTo(envelope)).toMatch(/^receipt/);
  });

  const status = {
    kind: 'gateway_status',
    framesReceived: 1,
    framesSent: 0,
    gatewaySoftware: '',
    gpsLock: true,
  } as const;
  const emptyish = (key: Uint8Array) => ({
    hotspot: key,
    incarnation: 99n,
    sequence: sequence++,
    createdAtMs: clock.now(),
    reports: [status],
  });
  const manyReports = () => ({ reports: Array.from({ length: BATCH_MAX_REPORTS }, () => status) });
});
