import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { type FailureKind, kindOfFailure } from '../database/failure.ts';
import { codeOf, messageOf } from '../store-error.ts';
import { findNetwork } from './find-network.ts';
import { LogProjection } from './log-projection.ts';
import type { ClosedEpoch, LedgerReader, ProjectionListener, ProvisionalResults, ResultSource } from './ports.ts';
import { writeEpoch } from './write-epoch.ts';
import { writeProvisional } from './write-provisional.ts';

export interface ProjectorOptions {
  /** Log entries a transaction. */
  readonly batchEntries: number;
  /** How often the log is looked at when nobody says that it has grown. */
  readonly pollMs: number;
  /** Verdicts, links, cells and reward lines that may wait for the database; beyond, they are asked for again when it is back. */
  readonly mostWaitingRows: number;
}

export const PROJECTOR_DEFAULTS: ProjectorOptions = { batchEntries: 512, pollMs: 1_000, mostWaitingRows: 500_000 };

export interface ProjectorModules {
  readonly database: Database;
  readonly ledgers: readonly LedgerReader[];
  readonly results: ResultSource;
  readonly logger: Logger;
  readonly listener?: ProjectionListener;
}

export interface ProjectorStatus {
  readonly logs: readonly {
    readonly origin: string;
    /** Entries in the log, and how many of them are in the tables. */
    readonly size: number;
    readonly read: number;
    readonly unreadable: number;
    readonly skipped: number;
  }[];
  /** Results not yet in the tables. */
  readonly waiting: number;
  /** Failed attempts since the start; each was tried again. */
  readonly failures: number;
  /** Of the attempts since the last success; absent when all is well. */
  readonly failing?: { readonly kind: FailureKind; readonly message: string };
}

/** Carries logs and results into the tables, for as long as it runs and whatever happens to the database. */
export interface Projector {
  /** The log has grown. */
  notify(): void;
  /** Call it after everything the results rest on has been synced to the log. */
  addProvisional(results: ProvisionalResults): void;
  addClosedEpoch(result: ClosedEpoch): void;
  /** Resolves when all that was in the logs and handed over before the call is in the tables. */
  whenCaughtUp(): Promise<void>;
  /** Deletes the tables and fills them again from the logs; resolves when that is done. */
  rebuild(): Promise<void>;
  status(): ProjectorStatus;
  /** Ends after the transaction in work. What was not yet written is asked for again at the next start. */
  stop(): Promise<void>;
}

/** Starts carrying. Failures are counted, logged and tried again; nothing is lost, because the log keeps it. */
export function startProjector(options: ProjectorOptions, modules: ProjectorModules): Projector {
  const projector = new RunningProjector(options, modules);
  projector.start();
  return projector;
}

type Waiting = { readonly provisional: ProvisionalResults } | { readonly closed: ClosedEpoch };

function rowsIn(waiting: Waiting): number {
  if ('provisional' in waiting) {
    const { verdicts, links, cells } = waiting.provisional;
    return verdicts.length + links.length + cells.length;
  }
  const { verdicts, links, coverage, rewards } = waiting.closed;
  return verdicts.length + links.length + coverage.length + rewards.length;
}

interface Caller {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;
const STOPPED = 'the projector was stopped';

class RunningProjector implements Projector {
  readonly #options: ProjectorOptions;
  readonly #modules: ProjectorModules;
  readonly #logs: readonly LogProjection[];
  readonly #abort = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #waiting: Waiting[] = [];
  #waitingRows = 0;
  /** The tables lack results that are no longer waiting here: the source must tell them. */
  #incomplete = true;
  #tables: string | undefined;
  #dropFirst = false;
  #callers: Caller[] = [];
  #wake: () => void = () => undefined;
  #notified = false;
  #failures = 0;
  #failing: { readonly kind: FailureKind; readonly message: string } | undefined;

  constructor(options: ProjectorOptions, modules: ProjectorModules) {
    this.#options = options;
    this.#modules = modules;
    const { ledgers, database, logger } = modules;
    this.#logs = ledgers.map((ledger) => new LogProjection(options, { database, ledger, logger }));
  }

  start(): void {
    this.#running = this.#run();
  }

  notify(): void {
    this.#notified = true;
    this.#wake();
  }

  addProvisional(results: ProvisionalResults): void {
    this.#add({ provisional: results });
  }

  addClosedEpoch(result: ClosedEpoch): void {
    this.#add({ closed: result });
  }

  #add(waiting: Waiting): void {
    const rows = rowsIn(waiting);
    if (this.#waiting.length > 0 && this.#waitingRows + rows > this.#options.mostWaitingRows) this.#forgetWaiting();
    else {
      this.#waiting.push(waiting);
      this.#waitingRows += rows;
    }
    this.notify();
  }

  whenCaughtUp(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#abort.signal.aborted) {
        reject(new Error(STOPPED));
        return;
      }
      this.#callers.push({ resolve, reject });
      this.notify();
    });
  }

  rebuild(): Promise<void> {
    this.#dropFirst = true;
    return this.whenCaughtUp();
  }

  status(): ProjectorStatus {
    return {
      logs: this.#logs.map(({ origin, size, read, unreadable, skipped }) => ({
        origin,
        size,
        read,
        unreadable,
        skipped,
      })),
      waiting: this.#waiting.length,
      failures: this.#failures,
      ...(this.#failing === undefined ? {} : { failing: this.#failing }),
    };
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    this.#wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!this.#abort.signal.aborted) {
      const callers = this.#callers.splice(0);
      this.#notified = false;
      try {
        await this.#round();
        if (this.#abort.signal.aborted) throw new Error(STOPPED);
        for (const { resolve } of callers) resolve();
        pauseMs = FIRST_PAUSE_MS;
        this.#recovered();
        await this.#idle();
      } catch (error) {
        this.#callers.unshift(...callers);
        if (this.#abort.signal.aborted) break;
        this.#failed(error);
        await delay(pauseMs, undefined, { signal: this.#abort.signal }).catch(() => undefined);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
    for (const { reject } of this.#callers.splice(0)) reject(new Error(STOPPED));
  }

  /** Logs first: results are handed over after their reports were logged, and are filed where those are. */
  async #round(): Promise<void> {
    await this.#lookAtTables();
    if (this.#dropFirst) {
      await this.#modules.database.drop();
      this.#dropFirst = false;
      await this.#lookAtTables();
    }
    const count = this.#waiting.length;
    for (const log of this.#logs) await log.catchUp(this.#abort.signal);
    if (this.#abort.signal.aborted) return;
    if (this.#incomplete) await this.#askAgain();
    for (let i = 0; i < count && this.#waiting.length > 0; i++) await this.#applyNext();
  }

  async #lookAtTables(): Promise<void> {
    const tables = await this.#modules.database.ensureUsable();
    if (tables === this.#tables) return;
    if (this.#tables !== undefined) {
      this.#modules.logger.warn('the database was made anew; it is filled again from the log');
    }
    this.#tables = tables;
    this.#incomplete = true;
    for (const log of this.#logs) log.forget();
  }

  #forgetWaiting(): void {
    this.#waiting = [];
    this.#waitingRows = 0;
    this.#incomplete = true;
  }

  async #askAgain(): Promise<void> {
    const { database, results } = this.#modules;
    this.#incomplete = false;
    try {
      const newest = await database.db
        .selectFrom('epochs')
        .select(({ fn }) => fn.max('epoch').as('epoch'))
        .executeTakeFirst();
      const next = newest?.epoch === undefined || newest.epoch === null ? 0 : newest.epoch + 1;
      for await (const closed of results.closedEpochs(next)) await this.#apply({ closed });
      for await (const provisional of results.provisional()) await this.#apply({ provisional });
    } catch (error) {
      this.#incomplete = true;
      throw error;
    }
  }

  async #applyNext(): Promise<void> {
    const [next] = this.#waiting;
    if (next === undefined) return;
    await this.#apply(next);
    // It may have been forgotten meanwhile.
    if (this.#waiting[0] !== next) return;
    this.#waiting.shift();
    this.#waitingRows -= rowsIn(next);
  }

  async #apply(next: Waiting): Promise<void> {
    const { database, listener } = this.#modules;
    if (this.#abort.signal.aborted) return;
    const network = await findNetwork(database.db);
    if (network === undefined) throw new Error('results came before the genesis record of their network');
    const applied = await database.db.transaction().execute(async (tx) => {
      await sql`SET LOCAL synchronous_commit = off`.execute(tx);
      if ('provisional' in next) return writeProvisional(tx, network.timing, next.provisional);
      await writeEpoch(tx, network.timing, next.closed);
      return true;
    });
    if (!applied) return;
    if ('provisional' in next) listener?.provisionalApplied?.(next.provisional);
    else listener?.epochApplied?.(next.closed.summary.epoch);
  }

  async #idle(): Promise<void> {
    if (this.#notified || this.#waiting.length > 0 || this.#abort.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#options.pollMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => undefined;
  }

  #failed(error: unknown): void {
    const kind = kindOfFailure(error);
    this.#failures++;
    const before = this.#failing;
    this.#failing = { kind, message: messageOf(error) };
    if (before?.kind === kind && before.message === this.#failing.message) return;
    const level = kind === 'other' || kind === 'value' ? 'error' : 'warn';
    this.#modules.logger[level](
      { kind, code: codeOf(error), error: messageOf(error) },
      'the database failed; trying again',
    );
  }

  #recovered(): void {
    if (this.#failing !== undefined) this.#modules.logger.info('the database works again');
    this.#failing = undefined;
  }
}
