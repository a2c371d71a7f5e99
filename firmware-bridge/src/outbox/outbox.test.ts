import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '../clock/manual-clock.ts';
import { createSeedSigner } from '../crypto/native-ed25519.ts';
import {
  BATCH_MAX_REPORTS,
  bytesToHex,
  decodeEnvelope,
  decodeReportBatch,
  ENVELOPE_MAX_BYTES,
  envelopeMessage,
  hertz,
  type Report,
  type ReportBatch,
  reportId,
  unixMs,
  verifySignature,
} from '../protocol/index.ts';
import { createSeededRandom } from '../random.ts';
import { type DurableStore, StoreError } from './durable-store.ts';
import { openLevelStore } from './level-store.ts';
import { DEFAULT_OUTBOX_OPTIONS, Outbox } from './outbox.ts';
import { outstanding, REPORT_KINDS } from './outbox-counts.ts';
import type { OutboxPartition } from './partition.ts';
import type { SealedBatch } from './sealed-batch.ts';

const signer = createSeedSigner(new Uint8Array(32).fill(1));
const logger = pino({ enabled: false });

function witness(n: number): Report {
  return {
    kind: 'witness',
    beaconTag: Uint8Array.of(n >>> 24, n >>> 16, n >>> 8, n),
    commitment: new Uint8Array(32).fill(n & 0xff),
    frequencyHz: hertz(868_100_000),
    spreadingFactor: 9,
    bandwidthHz: hertz(125_000),
    rssiSignalDdbm: -1_000 as never,
    snrDdb: -50 as never,
    receivedAtMs: unixMs(1_700_000_000_000 + n),
    gatewayTimeUs: n,
  };
}

const status = (n: number): Report => ({
  kind: 'gateway_status',
  framesReceived: n,
  framesSent: 0,
  gatewaySoftware: 'test',
  gpsLock: false,
});

let folder: string;
let clock: ManualClock;
const open: Outbox[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outbox-'));
  clock = createManualClock();
});
afterEach(async () => {
  for (const outbox of open.splice(0)) await outbox.close();
  await rm(folder, { recursive: true, force: true });
});

interface Opened {
  readonly outbox: Outbox;
  readonly partition: OutboxPartition;
}

async function openOutbox(
  seed: string,
  options: { maxBytes?: number; maxUnsaved?: number; store?: DurableStore } = {},
): Promise<Opened> {
  const store = options.store ?? (await openLevelStore(join(folder, 'store')));
  const { maxBytes = 1_000_000, maxUnsaved = 1_000 } = options;
  const outbox = new Outbox(
    { networkId: 'test', maxBytes, maxUnsavedReports: maxUnsaved },
    { store, clock, timers: clock, logger, random: createSeededRandom(seed) },
  );
  open.push(outbox);
  return { outbox, partition: await outbox.openPartition(signer, 'a') };
}

function contentOf(batch: SealedBatch): ReportBatch {
  const envelope = decodeEnvelope(batch.envelope);
  if (!envelope.ok) throw new Error('no envelope');
  const { payload, signature, signer: by } = envelope.value;
  expect(verifySignature(signature, envelopeMessage('test', 'report_batch', payload), by)).toBe(true);
  const decoded = decodeReportBatch(payload);
  if (!decoded.ok) throw new Error('no batch');
  return decoded.value;
}

const idOf = (report: Report): string => bytesToHex(reportId('test', signer.publicKey, report));

/** Seals everything; the ids of all reports in open batches. */
async function drain(partition: OutboxPartition): Promise<string[]> {
  while (await partition.seal()) continue;
  return partition.openBatches().flatMap((batch) => contentOf(batch).reports.map(idOf));
}

function expectBalance(partition: OutboxPartition): void {
  const { totals, inOutbox, inBatches, bytes } = partition.status();
  expect(inOutbox).toBe(outstanding(totals));
  expect(inBatches).toBe(partition.openBatches().reduce((sum, batch) => sum + contentOf(batch).reports.length, 0));
  expect(bytes).toBeGreaterThanOrEqual(0);
  for (const kind of REPORT_KINDS) expect(totals.dropped[kind] ?? 0).toBeLessThanOrEqual(totals.created[kind] ?? 0);
}

describe('batches', () => {
  it('hold the oldest reports first, signed, within the limits, counted from 0', async () => {
    const { partition } = await openOutbox('x');
    const reports = Array.from({ length: 600 }, (_, i) => (i % 10 === 0 ? status(i) : witness(i)));
    await Promise.all(reports.map((report) => partition.add([report])));
    const sent = await drain(partition);
    expect(sent).toEqual(reports.map(idOf));
    const batches = partition.openBatches();
    expect(batches.map(({ sequence }) => sequence)).toEqual([0, 1, 2]);
    for (const batch of batches) {
      expect(batch.envelope.length).toBeLessThan(ENVELOPE_MAX_BYTES - 200);
      expect(contentOf(batch).reports.length).toBeLessThanOrEqual(BATCH_MAX_REPORTS);
    }
    expectBalance(partition);
  });

  it('leave when receipted or dead, and both are counted', async () => {
    const { partition } = await openOutbox('x');
    await partition.add([status(1), witness(1)]);
    await partition.add([witness(2)]);
    const first = await partition.seal();
    await partition.add([witness(3)]);
    const second = await partition.seal();
    if (!first || !second) throw new Error('nothing sealed');
    expect(await partition.settleReceipted(first.number)).toBe(true);
    expect(await partition.settleReceipted(first.number)).toBe(true);
    expect(await partition.settleDead(second.number, 'too_old')).toBe(true);
    expect(partition.status()).toMatchObject({
      totals: {
        created: { witness: 3, gateway_status: 1 },
        receipted: { witness: 2, gateway_status: 1 },
        deadLettered: { witness: 1 },
        dropped: {},
      },
      inOutbox: 0,
      bytes: 0,
    });
    expect(await partition.deadLetters()).toMatchObject([
      { reason: 'too_old', reports: { witness: 1 }, envelope: second.envelope },
    ]);
  });

  it('keep name and bytes over a restart, and later ones get another incarnation', async () => {
    const before = await openOutbox('first start');
    await before.partition.add([witness(1)]);
    const sealed = await before.partition.seal();
    await before.partition.add([witness(2)]);
    await before.outbox.close();
    const after = await openOutbox('second start');
    expect(after.partition.openBatches()).toEqual([sealed]);
    const next = await after.partition.seal();
    expect(next?.sequence).toBe(0);
    expect(next?.incarnation).not.toBe(sealed?.incarnation);
    expect(next && contentOf(next).reports.map(idOf)).toEqual([idOf(witness(2))]);
    expectBalance(after.partition);
  });

  it('are never made of something the wire format cannot carry', async () => {
    const { partition } = await openOutbox('x');
    expect(() => partition.add([{ ...status(1), gatewaySoftware: 'x'.repeat(65) } as Report])).toThrow(RangeError);
    expect(partition.waiting).toBe(0);
  });
});

describe('state', () => {
  it('changes together with reports and is found again', async () => {
    const { outbox, partition } = await openOutbox('x');
    await partition.add([status(1)], [{ key: 'pending/1', value: Uint8Array.of(1) }]);
    await partition.add(
      [],
      [
        { key: 'pending/2', value: Uint8Array.of(2) },
        { key: 'other', value: Uint8Array.of(3) },
      ],
    );
    await partition.add([status(2)], [{ key: 'pending/1', value: undefined }]);
    await outbox.close();
    const { partition: again } = await openOutbox('y');
    expect(await again.findState('pending/')).toEqual([{ key: 'pending/2', value: Uint8Array.of(2) }]);
    expect(again.status().totals.created).toEqual({ gateway_status: 2 });
  });
});

describe('a full outbox', () => {
  it('is full only after two days at two reports a second, at the default bound', async () => {
    const { partition } = await openOutbox('x');
    await partition.add(Array.from({ length: 100 }, (_, i) => witness(i)));
    const bytesAReport = partition.status().bytes / 100;
    expect(DEFAULT_OUTBOX_OPTIONS.maxBytes / bytesAReport / (2 * 86_400)).toBeGreaterThan(2);
  });

  it('drops the oldest witness reports first, then the others, and counts both', async () => {
    const { partition } = await openOutbox('x', { maxBytes: 20_000 });
    for (let i = 0; i < 10; i++) await partition.add([status(i)]);
    for (let i = 0; i < 300; i++) await partition.add([witness(i)]);
    const { totals, bytes } = partition.status();
    expect(bytes).toBeLessThanOrEqual(20_000);
    expect(totals.dropped.gateway_status).toBeUndefined();
    expect(totals.dropped.witness).toBeGreaterThan(100);
    const kept = await drain(partition);
    const expectKept = Array.from({ length: 300 - (totals.dropped.witness ?? 0) }, (_, i) =>
      idOf(witness(i + (totals.dropped.witness ?? 0))),
    );
    expect(kept).toEqual([...Array.from({ length: 10 }, (_, i) => idOf(status(i))), ...expectKept]);
    expectBalance(partition);
  });

  it('drops other reports only when no witness report is left', async () => {
    const { partition } = await openOutbox('x', { maxBytes: 10_000 });
    for (let i = 0; i < 5; i++) await partition.add([witness(i)]);
    for (let i = 0; i < 200; i++) await partition.add([status(i)]);
    const { totals } = partition.status();
    expect(totals.dropped.witness).toBe(5);
    expect(totals.dropped.gateway_status).toBeGreaterThan(0);
    expectBalance(partition);
  });
});

type Fault = 'none' | 'not_written' | 'written_but_failed';

/** LevelDB behind a disk that fails as told: before anything is written, or after it was. */
class FaultyStore implements DurableStore {
  readonly #inner: DurableStore;
  readonly #nextFault: () => Fault;
  #broken = false;

  constructor(inner: DurableStore, nextFault: () => Fault) {
    this.#inner = inner;
    this.#nextFault = nextFault;
  }

  async read(range: Parameters<DurableStore['read']>[0]) {
    if (this.#broken) throw new StoreError('failed', 'broken');
    return this.#inner.read(range);
  }

  async write(changes: Parameters<DurableStore['write']>[0]): Promise<void> {
    if (this.#broken) throw new StoreError('failed', 'broken');
    const fault = this.#nextFault();
    if (fault !== 'not_written') await this.#inner.write(changes);
    if (fault === 'none') return;
    this.#broken = true;
    throw new StoreError('disk_full', 'no space left on device');
  }

  async reopen(): Promise<void> {
    await this.#inner.reopen();
    this.#broken = false;
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}

describe('a failing disk', () => {
  const faults = fc.array(fc.constantFrom<Fault>('none', 'none', 'not_written', 'written_but_failed'), {
    maxLength: 30,
  });
  const steps = fc.array(fc.constantFrom('add', 'add', 'seal', 'receipt', 'dead'), { maxLength: 25 });

  it('loses nothing, stores nothing twice, and the counters balance', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(faults, steps, async (plan, actions) => {
        const queue = [...plan];
        const inner = await openLevelStore(join(folder, `faulty-${run++}`));
        const store = new FaultyStore(inner, () => queue.shift() ?? 'none');
        const { outbox, partition } = await openOutbox('x', { store });
        const created: Report[] = [];
        const gone: string[] = [];
        for (const action of actions) {
          if (action === 'add') {
            const report = created.length % 3 === 0 ? status(created.length) : witness(created.length);
            created.push(report);
            void partition.add([report]);
          } else if (action === 'seal') {
            await partition.seal();
          } else {
            const [batch] = partition.openBatches();
            if (!batch) continue;
            const settle = () =>
              action === 'receipt'
                ? partition.settleReceipted(batch.number)
                : partition.settleDead(batch.number, 'too_old');
            while (!(await settle())) await clock.advanceTo(unixMs(clock.now() + 5_000));
            gone.push(...contentOf(batch).reports.map(idOf));
          }
        }
        queue.length = 0;
        await partition.seal();
        await clock.advanceTo(unixMs(clock.now() + 5_000));
        const { totals, unsaved } = partition.status();
        expect(unsaved).toBe(0);
        const found = [...gone, ...(await drain(partition))];
        expect(found).toHaveLength(created.length);
        expect(new Set(found)).toEqual(new Set(created.map(idOf)));
        expect(totals.dropped).toEqual({});
        expectBalance(partition);
        await outbox.close();
      }),
      { numRuns: 40 },
    );
  });

  it('keeps a bounded number of reports in memory, counts the rest, and goes on when there is room again', async () => {
    let full = false;
    const inner = await openLevelStore(join(folder, 'full'));
    const store = new FaultyStore(inner, () => (full ? 'not_written' : 'none'));
    const { outbox, partition } = await openOutbox('x', { store, maxUnsaved: 20 });
    await partition.add([status(0)]);
    full = true;
    const fates: string[] = [];
    for (let i = 0; i < 100; i++) {
      const report = i % 20 === 0 ? status(i + 1) : witness(i);
      void partition.add([report]).then((fate) => fates.push(`${report.kind} ${fate}`));
    }
    await expect.poll(() => outbox.failure?.code).toBe('disk_full');
    await expect.poll(() => fates.length).toBe(80);
    expect(new Set(fates)).toEqual(new Set(['witness dropped']));
    expect(partition.status().unsaved).toBe(20);
    await clock.advanceTo(unixMs(clock.now() + 60_000));
    full = false;
    let recovered = 0;
    outbox.whenRecovered(() => recovered++);
    await clock.advanceTo(unixMs(clock.now() + 5_000));
    expect(outbox.failure).toBeUndefined();
    expect(recovered).toBe(1);
    expect(partition.status()).toMatchObject({
      totals: { created: { witness: 95, gateway_status: 6 }, dropped: { witness: 80 } },
      unsaved: 0,
      inOutbox: 21,
    });
    expectBalance(partition);
  });
});

it('one folder serves one process', async () => {
  await openOutbox('x');
  await expect(openLevelStore(join(folder, 'store'))).rejects.toMatchObject({ code: 'in_use' });
});
