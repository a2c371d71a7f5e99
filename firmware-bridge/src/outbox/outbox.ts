import type { Logger } from 'pino';
import type { Cancel, Clock } from '../clock.ts';
import type { Signer } from '../crypto/native-ed25519.ts';
import { unixMs } from '../protocol/index.ts';
import type { RandomSource } from '../random.ts';
import { type DurableStore, StoreError } from './durable-store.ts';
import { sumOf } from './outbox-counts.ts';
import { OutboxPartition, type PartitionOptions } from './partition.ts';

export interface OutboxModules {
  readonly store: DurableStore;
  readonly random: RandomSource;
  /** The protocol's time: batches are dated by it. */
  readonly clock: Clock;
  /** Real time: a full disk is looked at again by it. */
  readonly timers: Clock;
  readonly logger: Logger;
}

/** The disk is tried again this long after it failed. */
const RETRY_MS = 5_000;

export const DEFAULT_OUTBOX_OPTIONS = {
  /** Two days without a broker, 2.4 reports a second: see the README. */
  maxBytes: 64 * 1024 * 1024,
  maxUnsavedReports: 4_096,
} as const;

/**
 * Durable store-and-forward: every report stays until enough validators have receipted it. One store on disk, one
 * partition a participant. When the disk fails (mostly: is full) nothing on it is lost, reports wait in memory within a
 * bound, and the store is opened anew until it works.
 */
export class Outbox {
  readonly #options: PartitionOptions;
  readonly #modules: OutboxModules;
  readonly #partitions: OutboxPartition[] = [];
  readonly #onRecovered: (() => void)[] = [];
  #retry: Cancel | undefined;
  #failure: StoreError | undefined;

  constructor(options: PartitionOptions, modules: OutboxModules) {
    this.#options = options;
    this.#modules = modules;
  }

  /** Why the disk takes nothing at the moment; undefined when all is well. */
  get failure(): StoreError | undefined {
    return this.#failure;
  }

  /** The part of one participant, read from disk. Rejects with StoreError. */
  async openPartition(signer: Signer, label: string): Promise<OutboxPartition> {
    const { store, clock, random, logger } = this.#modules;
    const partition = new OutboxPartition(this.#options, {
      store,
      signer,
      clock,
      random: random.fork(`incarnation/${label}`),
      onStoreFailure: (error) => this.#failed(error),
      onDropped: (reports) =>
        logger.warn(
          { participant: label, dropped: reports },
          `the outbox is full: ${sumOf(reports)} of its oldest reports were dropped. Is the network reachable?`,
        ),
    });
    await partition.open();
    this.#partitions.push(partition);
    return partition;
  }

  /** Calls `listener` whenever the disk works again: open batches may have changed. */
  whenRecovered(listener: () => void): void {
    this.#onRecovered.push(listener);
  }

  async close(): Promise<void> {
    this.#retry?.();
    await this.#modules.store.close();
  }

  #failed(error: StoreError): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#modules.logger.error({ err: error, code: error.code }, error.message);
    this.#retryLater();
  }

  #retryLater(): void {
    const { timers } = this.#modules;
    this.#retry = timers.at(unixMs(timers.now() + RETRY_MS), () => this.#recover());
  }

  async #recover(): Promise<void> {
    const { store, logger } = this.#modules;
    try {
      await store.reopen();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      logger.debug({ err: error }, 'the outbox still cannot be written');
      this.#retryLater();
      return;
    }
    this.#failure = undefined;
    for (const partition of this.#partitions) if (!(await partition.recover())) return;
    logger.info('the outbox can be written again');
    for (const listener of this.#onRecovered) listener();
  }
}
