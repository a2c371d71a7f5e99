import type { Cancel, Clock } from '@sextant/firmware-bridge/clock';
import { epochAt, epochCutMs, epochStartMs, type Timing, type UnixMs } from '@sextant/firmware-bridge/protocol';
import type { Logger } from 'pino';
import type { RegistryJournal } from '../validator/registry-journal.ts';
import { NoAgreementError } from './chain-endpoints.ts';
import { RegistryMismatchError, type RegistryReader } from './registry-reader.ts';
import type { SettlementMetrics } from './settlement-metrics.ts';

export interface RegistryRecorderOptions {
  readonly timing: Timing;
  /** Between two tries while the chain cannot be had, milliseconds. */
  readonly retryMs: number;
}

export interface RegistryRecorderModules {
  readonly reader: Pick<RegistryReader, 'read'>;
  readonly journal: RegistryJournal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: SettlementMetrics;
}

/**
 * Puts what the registry says into the log: at once when it starts, and from each epoch's end until its cut. The cut does not
 * wait for it. What comes too late counts in the next epoch, because position in the log decides.
 */
export class RegistryRecorder {
  readonly #options: RegistryRecorderOptions;
  readonly #modules: RegistryRecorderModules;
  readonly #cancels = new Set<Cancel>();
  #running: Promise<void> | undefined;
  #isStopped = false;
  /** The newest epoch after whose end everything final was read. */
  #readEpoch = -1;
  #trouble: string | undefined;

  constructor(options: RegistryRecorderOptions, modules: RegistryRecorderModules) {
    this.#options = options;
    this.#modules = modules;
  }

  start(): void {
    const { timing } = this.#options;
    const { clock, journal, metrics } = this.#modules;
    const recorded = journal.recorded();
    if (recorded) metrics.registryBlock(recorded.block);
    const running = epochAt(timing, clock.now());
    if (running > 0 && clock.now() < epochCutMs(timing, running - 1)) this.#expectCut(running - 1);
    this.#expectEnd(Math.max(0, running));
    this.#read();
  }

  /** Resolves when nothing is being read any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const cancel of this.#cancels) cancel();
    await this.#running;
  }

  #at(timeMs: number, task: () => void): void {
    if (this.#isStopped) return;
    const cancel = this.#modules.clock.at(timeMs as UnixMs, () => {
      this.#cancels.delete(cancel);
      if (!this.#isStopped) task();
    });
    this.#cancels.add(cancel);
  }

  #expectEnd(epoch: number): void {
    this.#at(epochStartMs(this.#options.timing, epoch + 1), () => {
      this.#expectCut(epoch);
      this.#expectEnd(epoch + 1);
      this.#read();
    });
  }

  /** Says so when the epoch was cut with what an earlier one has read. */
  #expectCut(epoch: number): void {
    this.#at(epochCutMs(this.#options.timing, epoch), () => {
      const { journal, logger, metrics } = this.#modules;
      const isRead = this.#readEpoch >= epoch;
      metrics.registryEpoch(isRead ? 'read' : 'kept');
      if (isRead) return;
      const block = journal.recorded()?.block;
      const why = this.#trouble ?? 'reading it took too long';
      logger.warn(
        { epoch, block, why },
        'the epoch keeps an earlier reference block: what owners did on the chain since counts in a later epoch',
      );
    });
  }

  #read(): void {
    if (this.#isStopped || this.#running) return;
    this.#running = this.#readAll().finally(() => {
      this.#running = undefined;
    });
  }

  /** Reading after reading up to the reference block. */
  async #readAll(): Promise<void> {
    const { reader, journal, clock, metrics, logger } = this.#modules;
    const ended = epochAt(this.#options.timing, clock.now()) - 1;
    try {
      for (let isMore = true; isMore && !this.#isStopped; ) {
        const found = await reader.read(journal.recorded());
        if (found === undefined || this.#isStopped) break;
        const { reading } = found;
        await journal.record(reading);
        isMore = !found.isLast;
        metrics.registryBlock(reading.referenceBlock);
        logger.debug({ block: reading.referenceBlock, events: reading.events.length }, 'the registry was read');
      }
      this.#readEpoch = Math.max(this.#readEpoch, ended);
      this.#trouble = undefined;
      // An epoch has ended meanwhile: what was read before its end is not all of it.
      if (epochAt(this.#options.timing, clock.now()) - 1 > ended) this.#at(clock.now(), () => this.#read());
    } catch (error) {
      this.#noteTrouble(error);
      this.#at(clock.now() + this.#options.retryMs, () => this.#read());
    }
  }

  /** The same trouble is said once; an epoch that is cut meanwhile says it again. */
  #noteTrouble(error: unknown): void {
    if (this.#isStopped) return;
    const { logger } = this.#modules;
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    if (message === this.#trouble) return;
    this.#trouble = message;
    if (error instanceof NoAgreementError)
      logger.warn({ why: message }, 'the registry cannot be read; it is tried again');
    else if (error instanceof RegistryMismatchError) logger.error(message);
    else logger.error({ err: error }, 'the registry cannot be read; it is tried again');
  }
}
