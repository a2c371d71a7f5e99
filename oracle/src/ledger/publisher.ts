import type { Cancel, Clock } from '@sextant/firmware-bridge/clock';
import { type UnixMs, unixMs } from '@sextant/firmware-bridge/protocol';
import type { Logger } from 'pino';
import { LedgerError } from './ledger-error.ts';
import type { SignedCheckpoint } from './log-reader.ts';
import type { LogTail } from './log-tail.ts';
import type { LogStorage } from './storage.ts';
import type { TileWriter } from './tile-writer.ts';

export interface PublisherOptions {
  /** Least time between two published checkpoints, milliseconds. */
  readonly intervalMs: number;
}

export interface PublisherModules {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tail: LogTail;
  readonly writer: TileWriter;
  readonly storage: LogStorage;
  readonly latest: () => SignedCheckpoint;
  /** The folder belongs to another process now. */
  readonly onLockLost: (error: LedgerError) => void;
}

/** Publishes tiles and checkpoints at most once an interval, and gives up segments whose entries are in full tiles. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #modules: PublisherModules;
  #publishedSize = -1;
  #publishedAtMs: UnixMs | undefined;
  #cancelTimer: Cancel | undefined;
  #isFailing = false;
  #isRetiringFailing = false;
  #isClosed = false;
  /** One task at a time writes tiles. */
  #last: Promise<unknown> = Promise.resolve();
  /** Segments are being given up, beside the writing. */
  #retirement: Promise<void> | undefined;

  constructor(options: PublisherOptions, modules: PublisherModules) {
    this.#options = options;
    this.#modules = modules;
  }

  /** Says that there is something to publish. */
  changed(): void {
    if (this.#isClosed || this.#cancelTimer !== undefined) return;
    const { clock } = this.#modules;
    const now = clock.now();
    const due = this.#publishedAtMs === undefined ? now : this.#publishedAtMs + this.#options.intervalMs;
    this.#cancelTimer = clock.at(unixMs(Math.max(now, due)), async () => {
      this.#cancelTimer = undefined;
      await this.publish();
    });
  }

  /** Publishes now. A failing disk is logged and tried again after the interval; it never throws. */
  async publish(): Promise<void> {
    await this.#exclusively(async () => {
      this.#publishedAtMs = this.#modules.clock.now();
      try {
        await this.#publish();
        if (this.#isFailing) this.#modules.logger.info('the ledger publishes tiles again');
        this.#isFailing = false;
      } catch (error) {
        this.#noteFailure(error);
      }
    });
    if (this.#publishedSize !== this.#modules.latest().size) this.changed();
  }

  /** Writes what is full now, so that the tail in memory gets shorter. */
  async makeRoom(): Promise<void> {
    await this.#exclusively(async () => this.#modules.writer.writeFull(this.#modules.latest().size));
  }

  /** Publishes a last time. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer?.();
    if (this.#publishedSize !== this.#modules.latest().size) await this.publish();
    await this.#last;
    await this.#retirement;
  }

  async #publish(): Promise<void> {
    const { storage, tail, writer } = this.#modules;
    await storage.assertStillOwned();
    const checkpoint = this.#modules.latest();
    if (checkpoint.size !== this.#publishedSize) await writer.publish(checkpoint);
    this.#publishedSize = checkpoint.size;
    if (this.#retirement !== undefined || !storage.groups.canRetire(tail.firstEntry)) return;
    this.#retirement = this.#retire(tail.firstEntry).finally(() => {
      this.#retirement = undefined;
    });
  }

  /** A segment may go only when the tiles that replace it would survive a power loss. */
  async #retire(beforeLeaf: number): Promise<void> {
    const { storage, logger } = this.#modules;
    try {
      await storage.objects.makeDurable();
      await storage.groups.retire(beforeLeaf);
      this.#isRetiringFailing = false;
    } catch (error) {
      if (this.#isRetiringFailing) return;
      this.#isRetiringFailing = true;
      logger.warn({ err: error }, 'old segments of the ledger could not be given up yet; it is tried again');
    }
  }

  #noteFailure(error: unknown): void {
    if (error instanceof LedgerError && error.code === 'lock_lost') {
      this.#isClosed = true;
      this.#modules.onLockLost(error);
      return;
    }
    if (this.#isFailing) return;
    this.#isFailing = true;
    this.#modules.logger.warn(
      { err: error },
      'publishing tiles failed; entries are safe in the segments and receipts go on, it is tried again every interval',
    );
  }

  async #exclusively<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
