import { encodeReport } from '../protocol/index.ts';
import { type DurableStore, keyRange, type StoreChange } from './durable-store.ts';
import { addCounts, countKinds, type KindCounts, NO_TOTALS } from './outbox-counts.ts';
import {
  decodeMeta,
  encodeMeta,
  keyNumber,
  numberOfKey,
  type PartitionKeys,
  type PartitionMeta,
} from './partition-layout.ts';
import { readSealedBatch, type SealedBatch } from './sealed-batch.ts';
import type { Addition } from './unsaved-additions.ts';

const EMPTY: PartitionMeta = {
  revision: 0,
  nextReport: 0,
  bytes: 0,
  queuedWitnesses: 0,
  queuedOthers: 0,
  totals: NO_TOTALS,
};

/** What a queued report or batch takes on disk beside its value: about the length of its key. */
export const ENTRY_OVERHEAD_BYTES = 96;

/**
 * A participant's counters and open batches, held in memory as they are on disk. Every change goes through `write`: the
 * entries and the counters in one atomic write. After a failed write nothing here is believed until `load`.
 */
export class PartitionRecords {
  readonly #store: DurableStore;
  readonly #keys: PartitionKeys;
  #meta: PartitionMeta = EMPTY;
  #batches = new Map<number, SealedBatch>();
  #isStale = true;

  constructor(store: DurableStore, keys: PartitionKeys) {
    this.#store = store;
    this.#keys = keys;
  }

  get meta(): PartitionMeta {
    return this.#meta;
  }

  /** Oldest first. */
  get batches(): readonly SealedBatch[] {
    return [...this.#batches.values()];
  }

  findBatch(number: number): SealedBatch | undefined {
    return this.#batches.get(number);
  }

  /** Reads everything from disk unless it is known already. Rejects with StoreError. */
  async load(): Promise<void> {
    if (!this.#isStale) return;
    const { meta, batches } = this.#keys;
    const [found] = await this.#store.read({ from: meta, to: `${meta}~`, limit: 1 });
    const stored = await this.#store.read(keyRange(batches));
    this.#meta = found ? decodeMeta(found.value) : EMPTY;
    this.#batches = new Map();
    for (const { key, value } of stored) {
      this.#batches.set(numberOfKey(key), readSealedBatch(numberOfKey(key), value));
    }
    this.#isStale = false;
  }

  /** Rejects with StoreError; then it is unknown whether it happened: `load` tells, by the revision. */
  async write(changes: readonly StoreChange[], change: Partial<Omit<PartitionMeta, 'revision'>>): Promise<void> {
    await this.load();
    const meta = { ...this.#meta, ...change, revision: this.#meta.revision + 1 };
    try {
      await this.#store.write([...changes, { key: this.#keys.meta, value: encodeMeta(meta) }]);
    } catch (error) {
      this.#isStale = true;
      throw error;
    }
    this.#meta = meta;
  }

  async writeAdditions(additions: readonly Addition[], drops: KindCounts): Promise<void> {
    await this.load();
    const { totals } = this.#meta;
    let { nextReport, bytes, queuedWitnesses, queuedOthers } = this.#meta;
    const changes: StoreChange[] = [];
    let created: KindCounts = drops;
    for (const { reports, state } of additions) {
      changes.push(...state.map(({ key, value }) => ({ key: this.#keys.state + key, value })));
      created = addCounts(created, countKinds(reports));
      for (const report of reports) {
        const value = encodeReport(report);
        const isWitness = report.kind === 'witness';
        changes.push({ key: (isWitness ? this.#keys.witnesses : this.#keys.others) + keyNumber(nextReport++), value });
        bytes += value.length + ENTRY_OVERHEAD_BYTES;
        if (isWitness) queuedWitnesses++;
        else queuedOthers++;
      }
    }
    const sums = { created: addCounts(totals.created, created), dropped: addCounts(totals.dropped, drops) };
    const queued = { nextReport, bytes, queuedWitnesses, queuedOthers };
    await this.write(changes, { ...queued, totals: { ...totals, ...sums } });
  }

  /** Puts `batch` in place of its queued reports, whose keys and stored bytes are `taken`. */
  async writeBatch(batch: SealedBatch, taken: readonly { readonly key: string; readonly value: Uint8Array }[]) {
    const { bytes, queuedWitnesses, queuedOthers } = this.#meta;
    const freed = taken.reduce((sum, { value }) => sum + value.length + ENTRY_OVERHEAD_BYTES, 0);
    const witnesses = taken.filter(({ key }) => key.startsWith(this.#keys.witnesses)).length;
    const changes: StoreChange[] = taken.map(({ key }) => ({ key, value: undefined }));
    changes.push({ key: this.#keys.batches + keyNumber(batch.number), value: batch.envelope });
    await this.write(changes, {
      bytes: bytes - freed + batch.envelope.length + ENTRY_OVERHEAD_BYTES,
      queuedWitnesses: queuedWitnesses - witnesses,
      queuedOthers: queuedOthers - (taken.length - witnesses),
    });
    this.#batches.set(batch.number, batch);
  }

  /** Takes a batch out, counted as `fate`, together with other changes. */
  async writeSettled(
    batch: SealedBatch,
    fate: 'receipted' | 'deadLettered',
    others: readonly StoreChange[] = [],
  ): Promise<void> {
    const { bytes, totals } = this.#meta;
    const changes = [{ key: this.#keys.batches + keyNumber(batch.number), value: undefined }, ...others];
    await this.write(changes, {
      bytes: bytes - batch.envelope.length - ENTRY_OVERHEAD_BYTES,
      totals: { ...totals, [fate]: addCounts(totals[fate], batch.reports) },
    });
    this.#batches.delete(batch.number);
  }
}
