import type { Clock } from '../clock.ts';
import type { Signer } from '../crypto/native-ed25519.ts';
import {
  type AdmissionReason,
  BATCH_MAX_REPORTS,
  bytesToHex,
  decodeReport,
  encodeReport,
  type Report,
} from '../protocol/index.ts';
import type { RandomSource } from '../random.ts';
import { DEAD_LETTERS_KEPT, type DeadLetter, decodeDeadLetter, encodeDeadLetter } from './dead-letter.ts';
import { type DurableStore, keyRange, type StoreChange, type StoreEntry, StoreError } from './durable-store.ts';
import { addCounts, countKinds, type KindCounts, type OutboxTotals, outstanding } from './outbox-counts.ts';
import { keyNumber, numberOfKey, type PartitionKeys, partitionKeys } from './partition-layout.ts';
import { ENTRY_OVERHEAD_BYTES, PartitionRecords } from './partition-records.ts';
import {
  BATCH_REPORTS_MAX_BYTES,
  REPORT_WIRE_OVERHEAD,
  readStoredReport,
  type SealedBatch,
  sealBatch,
} from './sealed-batch.ts';
import { createSerialQueue } from './serial-queue.ts';
import { type Addition, type AdditionFate, UnsavedAdditions } from './unsaved-additions.ts';

export interface PartitionOptions {
  readonly networkId: string;
  /** Bound of what waits on disk: reports and batches, bytes. Reached, the oldest witness reports go first. */
  readonly maxBytes: number;
  /** Bound of what waits in memory while the disk takes nothing. */
  readonly maxUnsavedReports: number;
}

export interface PartitionModules {
  readonly store: DurableStore;
  readonly signer: Signer;
  readonly random: RandomSource;
  readonly clock: Clock;
  /** The store failed: nothing is written until `recover`. Told once for each failure seen. */
  readonly onStoreFailure: (error: StoreError) => void;
  /** The bound on disk made reports go. */
  readonly onDropped: (reports: KindCounts) => void;
}

export interface PartitionStatus {
  readonly totals: OutboxTotals;
  /** Reports on disk that no validator has receipted yet. */
  readonly inOutbox: number;
  /** Of them: in batches that are on their way. */
  readonly inBatches: number;
  /** Reports in memory that the disk did not take yet. */
  readonly unsaved: number;
  readonly bytes: number;
}

/** How much room a full outbox makes at once, so that not every report pays for a search: a 64th. */
const ROOM_SHARE = 64;
const TRIM_STEP = 512;

/**
 * One participant's part of the outbox: durable, bounded, in order. Names batches with an incarnation that is drawn anew
 * at every start. A start cannot tell a restored backup from a crash, so it never continues a sequence: two batches of
 * different content never bear one name, and a batch that was sealed before keeps its name and bytes.
 */
export class OutboxPartition {
  readonly #options: PartitionOptions;
  readonly #modules: PartitionModules;
  readonly #keys: PartitionKeys;
  readonly #records: PartitionRecords;
  readonly #serially = createSerialQueue();
  readonly #unsaved: UnsavedAdditions;
  readonly #incarnation: bigint;
  #sequence = 0;
  #isFlushQueued = false;
  /** A write that failed, and of which only the revision on disk tells whether it happened. */
  #doubtful:
    | { readonly revision: number; readonly additions: readonly Addition[]; readonly drops: KindCounts }
    | undefined;

  constructor(options: PartitionOptions, modules: PartitionModules) {
    this.#options = options;
    this.#modules = modules;
    this.#keys = partitionKeys(bytesToHex(modules.signer.publicKey));
    this.#records = new PartitionRecords(modules.store, this.#keys);
    this.#unsaved = new UnsavedAdditions(options.maxUnsavedReports);
    this.#incarnation = Buffer.from(modules.random.bytes(8)).readBigUInt64BE();
  }

  /** Reads what is there. Rejects with StoreError. */
  open(): Promise<void> {
    return this.#serially(() => this.#records.load());
  }

  /** After the store was opened anew: reads again, and writes what waited. Resolves to false when it fails again. */
  async recover(): Promise<boolean> {
    return (await this.#guarded(() => this.#flush())) ?? false;
  }

  /**
   * Takes reports, and changes of the participant's state, in one atomic write. Resolves when they are on disk, or when
   * a full disk made them go; while the disk is full it does not resolve. Throws RangeError on a report that the wire
   * format cannot carry: a bug of the caller.
   */
  add(reports: readonly Report[], state: readonly StoreChange[] = []): Promise<AdditionFate> {
    for (const report of reports) {
      const decoded = decodeReport(encodeReport(report));
      if (!decoded.ok) throw new RangeError(`not a report: ${decoded.field} ${decoded.reason}`);
    }
    return new Promise((settle) => {
      this.#unsaved.push({ reports, state, settle });
      this.#flushSoon();
    });
  }

  /** One flush that has not begun takes everything: without this a burst would queue up as many as it has reports. */
  #flushSoon(): void {
    if (this.#isFlushQueued) return;
    this.#isFlushQueued = true;
    void this.#guarded(() => {
      this.#isFlushQueued = false;
      return this.#flush();
    });
  }

  /** Resolves when everything added so far is on disk, or the disk fails. */
  async whenSaved(): Promise<void> {
    for (let before = Number.POSITIVE_INFINITY; 0 < this.#unsavedReports && this.#unsavedReports < before; ) {
      before = this.#unsavedReports;
      await this.#serially(() => Promise.resolve());
    }
  }

  /** Entries of the participant's state whose name begins with `prefix`, names without what is before the state. */
  findState(prefix: string): Promise<readonly StoreEntry[]> {
    return this.#serially(async () => {
      const entries = await this.#modules.store.read(keyRange(this.#keys.state + prefix));
      return entries.map(({ key, value }) => ({ key: key.slice(this.#keys.state.length), value }));
    });
  }

  /** The next batch: the oldest reports, up to 256, signed and on disk. Undefined when none waits or the disk fails. */
  seal(): Promise<SealedBatch | undefined> {
    return this.#guarded(() => this.#seal());
  }

  async #seal(): Promise<SealedBatch | undefined> {
    await this.#ready();
    const taken = await this.#oldestReports();
    const first = taken[0];
    if (!first) return undefined;
    const { networkId } = this.#options;
    const { clock, signer } = this.#modules;
    const name = {
      networkId,
      incarnation: this.#incarnation,
      sequence: this.#sequence++,
      createdAtMs: clock.now(),
    };
    const reports = taken.map(({ value }) => readStoredReport(value));
    const batch = sealBatch(numberOfKey(first.key), name, reports, signer);
    await this.#records.writeBatch(batch, taken);
    return batch;
  }

  async #oldestReports(): Promise<readonly StoreEntry[]> {
    const { witnesses, others } = this.#keys;
    const found = await Promise.all(
      [witnesses, others].map((prefix) => this.#modules.store.read(keyRange(prefix, BATCH_MAX_REPORTS))),
    );
    const inOrder = found.flat().sort((a, b) => numberOfKey(a.key) - numberOfKey(b.key));
    let bytes = 0;
    const tooMany = inOrder.findIndex(({ value }, i) => {
      bytes += value.length + REPORT_WIRE_OVERHEAD;
      return i >= BATCH_MAX_REPORTS || bytes > BATCH_REPORTS_MAX_BYTES;
    });
    return tooMany < 0 ? inOrder : inOrder.slice(0, tooMany);
  }

  /** Batches that are sealed and not settled, oldest first. */
  openBatches(): readonly SealedBatch[] {
    return this.#records.batches;
  }

  /**
   * Enough validators hold it: it leaves, in one write with changes of the participant's state. Resolves to false when
   * the disk fails; the batch then stays open.
   */
  async settleReceipted(number: number, state: readonly StoreChange[] = []): Promise<boolean> {
    const changes = this.#stateChanges(state);
    return (await this.#settle(number, (batch) => this.#records.writeSettled(batch, 'receipted', changes))) ?? false;
  }

  #stateChanges(state: readonly StoreChange[]): readonly StoreChange[] {
    return state.map(({ key, value }) => ({ key: this.#keys.state + key, value }));
  }

  /** It is refused for good: it goes to the dead letters. Resolves to false when the disk fails. */
  async settleDead(number: number, reason: AdmissionReason, state: readonly StoreChange[] = []): Promise<boolean> {
    const settled = await this.#settle(number, async (batch) => {
      const { reports, envelope } = batch;
      const value = encodeDeadLetter({ reason, refusedAtMs: this.#modules.clock.now(), reports, envelope });
      const kept = await this.#modules.store.read(keyRange(this.#keys.deadLetters));
      const old = kept.slice(0, Math.max(0, kept.length + 1 - DEAD_LETTERS_KEPT));
      await this.#records.writeSettled(batch, 'deadLettered', [
        { key: this.#keys.deadLetters + keyNumber(number), value },
        ...old.map(({ key }) => ({ key, value: undefined })),
        ...this.#stateChanges(state),
      ]);
    });
    return settled ?? false;
  }

  #settle(number: number, write: (batch: SealedBatch) => Promise<void>): Promise<boolean | undefined> {
    return this.#guarded(async () => {
      await this.#ready();
      const batch = this.#records.findBatch(number);
      if (batch) await write(batch);
      return true;
    });
  }

  /** Newest first. */
  deadLetters(): Promise<readonly DeadLetter[]> {
    return this.#serially(async () => {
      const stored = await this.#modules.store.read(keyRange(this.#keys.deadLetters));
      return stored.map(({ value }) => decodeDeadLetter(value)).reverse();
    });
  }

  /** Reports that wait for a batch, on disk or on their way there. */
  get waiting(): number {
    const { queuedWitnesses, queuedOthers } = this.#records.meta;
    return queuedWitnesses + queuedOthers + this.#unsavedReports;
  }

  get #unsavedReports(): number {
    const doubtful = this.#doubtful?.additions ?? [];
    return this.#unsaved.size + doubtful.reduce((sum, { reports }) => sum + reports.length, 0);
  }

  status(): PartitionStatus {
    const { totals, bytes, queuedWitnesses, queuedOthers } = this.#records.meta;
    const inOutbox = outstanding(totals);
    const inBatches = inOutbox - queuedWitnesses - queuedOthers;
    return { totals, inOutbox, inBatches, unsaved: this.#unsavedReports, bytes };
  }

  /** A StoreError is told once and becomes undefined; everything else is a bug and is thrown. */
  async #guarded<T>(task: () => Promise<T>): Promise<T | undefined> {
    try {
      return await this.#serially(task);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#modules.onStoreFailure(error);
      return undefined;
    }
  }

  /** Writes one group; more of them take turns with batches that are to be sealed. */
  async #flush(): Promise<true> {
    await this.#ready();
    if (this.#unsaved.isEmpty) return true;
    const { additions, drops } = this.#unsaved.take();
    this.#doubtful = { revision: this.#records.meta.revision + 1, additions, drops };
    await this.#records.writeAdditions(additions, drops);
    this.#resolveDoubt();
    if (!this.#unsaved.isEmpty) this.#flushSoon();
    await this.#makeRoom();
    return true;
  }

  /** Before anything is written: what is on disk, and whether the last failed write is part of it. */
  async #ready(): Promise<void> {
    await this.#records.load();
    this.#resolveDoubt();
  }

  #resolveDoubt(): void {
    const doubtful = this.#doubtful;
    if (!doubtful) return;
    this.#doubtful = undefined;
    if (this.#records.meta.revision < doubtful.revision) this.#unsaved.putBack(doubtful);
    else for (const { settle } of doubtful.additions) settle('stored');
  }

  async #makeRoom(): Promise<void> {
    const { maxBytes } = this.#options;
    if (this.#records.meta.bytes <= maxBytes) return;
    const wantedBytes = maxBytes - Math.floor(maxBytes / ROOM_SHARE);
    const { witnesses, others } = this.#keys;
    while (this.#records.meta.bytes > wantedBytes) {
      const { queuedWitnesses, queuedOthers } = this.#records.meta;
      if (queuedWitnesses + queuedOthers === 0) return;
      await this.#dropOldest(queuedWitnesses > 0 ? witnesses : others, wantedBytes);
    }
  }

  async #dropOldest(prefix: string, wantedBytes: number): Promise<void> {
    const { meta } = this.#records;
    const oldest = await this.#modules.store.read(keyRange(prefix, TRIM_STEP));
    let { bytes } = meta;
    const enough = oldest.findIndex(({ value }) => {
      if (bytes <= wantedBytes) return true;
      bytes -= value.length + ENTRY_OVERHEAD_BYTES;
      return false;
    });
    const gone = enough < 0 ? oldest : oldest.slice(0, enough);
    const dropped = countKinds(gone.map(({ value }) => readStoredReport(value)));
    const isWitness = prefix === this.#keys.witnesses;
    await this.#records.write(
      gone.map(({ key }) => ({ key, value: undefined })),
      {
        bytes,
        queuedWitnesses: meta.queuedWitnesses - (isWitness ? gone.length : 0),
        queuedOthers: meta.queuedOthers - (isWitness ? 0 : gone.length),
        totals: { ...meta.totals, dropped: addCounts(meta.totals.dropped, dropped) },
      },
    );
    this.#modules.onDropped(dropped);
  }
}
