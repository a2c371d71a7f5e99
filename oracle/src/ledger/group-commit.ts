import type { Cancel, Clock } from '@sextant/firmware-bridge/clock';
import { unixMs } from '@sextant/firmware-bridge/protocol';
import { LedgerError } from './ledger-error.ts';
import { ENTRY_MAX_BYTES } from './tree-hash.ts';

export interface GroupCommitOptions {
  /** A group holds no more. */
  readonly maxGroupEntries: number;
  readonly maxGroupBytes: number;
  /** More than this waiting is refused with `queue_full`. */
  readonly maxQueuedBytes: number;
  /** How long an idle ledger waits for company before it syncs, milliseconds. */
  readonly gatherMs: number;
  /** Pause before a persistent batch that could not be stored is tried again by itself, milliseconds. */
  readonly retryMs: number;
}

export interface GroupCommitModules<Result> {
  readonly clock: Clock;
  /** Makes one group durable and answers one result an entry, or throws and has stored nothing. */
  readonly commit: (entries: readonly Uint8Array[]) => Promise<readonly Result[]>;
}

interface Batch<Result> {
  readonly entries: readonly Uint8Array[];
  /** Bytes it counts in the queue, its own keeping included. */
  readonly cost: number;
  readonly persistent: boolean;
  readonly resolve: (results: readonly Result[]) => void;
  readonly reject: (error: unknown) => void;
}

/** What a queued entry costs besides its bytes, about. */
const ENTRY_OVERHEAD_BYTES = 256;

/**
 * Gathers entries into groups. Self-clocking: while one group is being synced the next one gathers, and it starts when
 * that sync returns; so groups grow with the load and with the slowness of the disk, and no timer adds to the latency.
 * Batches keep the order of the calls and are never torn apart.
 */
export class GroupCommit<Result> {
  readonly #options: GroupCommitOptions;
  readonly #modules: GroupCommitModules<Result>;
  #queue: Batch<Result>[] = [];
  #queuedCost = 0;
  #queuedEntries = 0;
  #loop: Promise<void> | undefined;
  #closed = false;
  /** A start is due: at once, or when the gathering is over. */
  #startIsDue = false;
  /** Stops the gathering, or the pause before a retry. */
  #cancelTimer: Cancel | undefined;

  constructor(options: GroupCommitOptions, modules: GroupCommitModules<Result>) {
    this.#options = options;
    this.#modules = modules;
  }

  /**
   * Queues a batch at once, in the order of the calls; resolves after the sync with one result an entry. When the disk
   * fails, a persistent batch is not refused: it stays at the head of the queue, and nothing overtakes it.
   */
  async submit(entries: readonly Uint8Array[], persistent: boolean): Promise<readonly Result[]> {
    const cost = entries.reduce((sum, entry) => sum + entry.length + ENTRY_OVERHEAD_BYTES, 0);
    this.#assertAcceptable(entries, cost, persistent);
    if (entries.length === 0) return [];
    return new Promise((resolve, reject) => {
      this.#queue.push({ entries, cost, persistent, resolve, reject });
      this.#queuedCost += cost;
      this.#queuedEntries += entries.length;
      this.#schedule();
    });
  }

  /** Stores what is queued and refuses what comes later, and what cannot be stored even now. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#start();
    await this.#loop;
    for (const batch of this.#queue.splice(0)) batch.reject(closedError());
  }

  #assertAcceptable(entries: readonly Uint8Array[], cost: number, persistent: boolean): void {
    const { maxGroupEntries, maxGroupBytes, maxQueuedBytes } = this.#options;
    if (this.#closed) throw closedError();
    const longest = entries.reduce((most, entry) => Math.max(most, entry.length), 0);
    if (longest > ENTRY_MAX_BYTES) {
      throw new LedgerError('entry_too_large', `an entry has ${longest} bytes; ${ENTRY_MAX_BYTES} is the limit`, {
        bytes: longest,
      });
    }
    if (entries.length > maxGroupEntries || cost > maxGroupBytes) {
      throw new LedgerError('batch_too_large', `a batch of ${entries.length} entries is too large: split it`, {
        entries: entries.length,
        cost,
      });
    }
    if (!persistent && this.#queuedCost + cost > maxQueuedBytes) {
      throw new LedgerError('queue_full', 'the disk cannot keep up: send again later', { queued: this.#queuedCost });
    }
  }

  #schedule(): void {
    if (this.#loop !== undefined) return;
    const { gatherMs, maxGroupEntries, maxGroupBytes } = this.#options;
    const isFull = this.#queuedEntries >= maxGroupEntries || this.#queuedCost >= maxGroupBytes;
    if (this.#startIsDue && !(isFull && this.#cancelTimer !== undefined)) return;
    this.#startIsDue = true;
    this.#clearTimer();
    if (gatherMs === 0 || isFull) setImmediate(() => this.#start());
    else this.#startAfter(gatherMs);
  }

  #startAfter(milliseconds: number): void {
    const { clock } = this.#modules;
    this.#cancelTimer = clock.at(unixMs(clock.now() + milliseconds), () => this.#start());
  }

  #clearTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #start(): void {
    if (this.#loop !== undefined) return;
    this.#clearTimer();
    this.#loop = this.#run().finally(() => {
      this.#loop = undefined;
      this.#startIsDue = false;
      if (this.#queue.length > 0 && !this.#closed) this.#startAfter(this.#options.retryMs);
    });
  }

  /** Group after group until the queue is empty, or holds nothing but persistent batches that cannot be stored now. */
  async #run(): Promise<void> {
    let failed = false;
    while (this.#queue.length > 0 && !(failed && this.#queue.every((batch) => batch.persistent))) {
      failed = !(await this.#commitGroup(this.#takeGroup()));
    }
  }

  async #commitGroup(group: readonly Batch<Result>[]): Promise<boolean> {
    try {
      const results = await this.#modules.commit(group.flatMap((batch) => batch.entries));
      let at = 0;
      for (const batch of group) {
        batch.resolve(results.slice(at, at + batch.entries.length));
        at += batch.entries.length;
      }
      return true;
    } catch (error) {
      const mayComeBack = error instanceof LedgerError && error.code === 'storage_unavailable';
      const kept = group.filter((batch) => batch.persistent && mayComeBack);
      this.#queue.unshift(...kept);
      this.#count(kept, 1);
      for (const batch of group) if (!kept.includes(batch)) batch.reject(error);
      return false;
    }
  }

  #takeGroup(): Batch<Result>[] {
    let entries = 0;
    let cost = 0;
    let count = 0;
    for (const batch of this.#queue) {
      entries += batch.entries.length;
      cost += batch.cost;
      if (entries > this.#options.maxGroupEntries || cost > this.#options.maxGroupBytes) break;
      count += 1;
    }
    const group = this.#queue.splice(0, count);
    this.#count(group, -1);
    return group;
  }

  #count(batches: readonly Batch<Result>[], sign: 1 | -1): void {
    for (const batch of batches) {
      this.#queuedCost += sign * batch.cost;
      this.#queuedEntries += sign * batch.entries.length;
    }
  }
}

function closedError(): LedgerError {
  return new LedgerError('ledger_closed', 'the ledger is closed: nothing is logged any more');
}
