import type { Cancel, Clock } from '@sextant/firmware-bridge/clock';
import type { AdmissionReason, UnixMs } from '@sextant/firmware-bridge/protocol';
import type { Logger } from 'pino';
import { addRefusals, type Database } from './store/index.ts';

const FLUSH_MS = 10_000;

export interface RefusalBookModules {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Counts refused batches by reason and puts the counts into the database now and then; a database that is down waits. */
export class RefusalBook {
  readonly #modules: RefusalBookModules;
  #counts: Partial<Record<AdmissionReason, number>> = {};
  #cancel: Cancel | undefined;

  constructor(modules: RefusalBookModules) {
    this.#modules = modules;
  }

  note(reason: AdmissionReason): void {
    this.#counts[reason] = (this.#counts[reason] ?? 0) + 1;
    const { clock } = this.#modules;
    this.#cancel ??= clock.at((clock.now() + FLUSH_MS) as UnixMs, () => this.#flush());
  }

  /** Writes what is not yet written. */
  async stop(): Promise<void> {
    this.#cancel?.();
    await this.#flush();
  }

  async #flush(): Promise<void> {
    this.#cancel = undefined;
    const counts = this.#counts;
    this.#counts = {};
    const { database, clock, logger } = this.#modules;
    try {
      await addRefusals(database.db, counts, clock.now());
    } catch (error) {
      logger.debug({ err: error }, 'refusals are counted again when the database is back');
      for (const [reason, count] of Object.entries(counts)) {
        this.#counts[reason as AdmissionReason] = (this.#counts[reason as AdmissionReason] ?? 0) + count;
      }
    }
  }
}
