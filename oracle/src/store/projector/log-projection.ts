import { slotStartMs } from '@sextant/firmware-bridge/protocol';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { kindOfFailure } from '../database/failure.ts';
import { DAY_MS, ensurePartitions } from '../partitions/day-partitions.ts';
import { messageOf } from '../store-error.ts';
import { findNetwork } from './find-network.ts';
import { type LogRows, type LogState, readLogRows } from './log-rows.ts';
import type { LedgerReader } from './ports.ts';
import { writeLogRows } from './write-log-rows.ts';

export interface LogProjectionOptions {
  /** Entries a transaction. */
  readonly batchEntries: number;
}

export interface LogProjectionModules {
  readonly database: Database;
  readonly ledger: LedgerReader;
  readonly logger: Logger;
}

/** Reports a transaction: enough for speed, few enough for a short one. */
const ENOUGH_REPORTS = 2_000;

interface Position {
  readonly size: number;
  readonly state: LogState;
}

/** Carries one log into the tables: each transaction adds some entries and says how far it has come, or leaves no trace. */
export class LogProjection {
  readonly origin: string;
  /** Entries in the tables. */
  read = 0;
  /** Entries that the log had when it was last asked. */
  size = 0;
  /** Entries that could not be decoded, or whose rows the database would not take; logged one by one. */
  unreadable = 0;
  skipped = 0;
  readonly #options: LogProjectionOptions;
  readonly #modules: LogProjectionModules;
  #position: Position | undefined;
  #most: number;
  #partitionsOfDay: number | undefined;

  constructor(options: LogProjectionOptions, modules: LogProjectionModules) {
    this.origin = modules.ledger.checkpoint().origin;
    this.#options = options;
    this.#modules = modules;
    this.#most = options.batchEntries;
  }

  /** The tables are others than before. */
  forget(): void {
    this.#position = undefined;
    this.#partitionsOfDay = undefined;
  }

  /** Adds everything that was in the log when it was called. True when there was something. */
  async catchUp(signal: AbortSignal): Promise<boolean> {
    this.size = this.#modules.ledger.checkpoint().size;
    let worked = false;
    while (!signal.aborted) {
      this.#position ??= await this.#loadPosition();
      this.read = this.#position.size;
      if (this.#position.size >= this.size) return worked;
      await this.#addSome(this.#position);
      worked = true;
    }
    return worked;
  }

  async #loadPosition(): Promise<Position> {
    const { db } = this.#modules.database;
    const row = await db
      .selectFrom('log_progress')
      .select(['size', 'last_slot'])
      .where('origin', '=', this.origin)
      .executeTakeFirst();
    const network = await findNetwork(db);
    return {
      size: Number(row?.size ?? 0),
      state: {
        ...(network === undefined ? {} : { network }),
        ...(row === undefined || row.last_slot === null ? {} : { lastSlot: Number(row.last_slot) }),
      },
    };
  }

  async #addSome(position: Position): Promise<void> {
    const entries: Uint8Array[] = [];
    const to = Math.min(position.size + this.#most, this.size);
    for await (const entry of this.#modules.ledger.entries(position.size, to)) entries.push(entry);
    const { rows, state, taken } = readLogRows(position.state, position.size, entries, ENOUGH_REPORTS);
    await this.#makePartitions(state);
    try {
      await this.#commit(position, { size: position.size + taken, state }, rows);
      this.#most = Math.min(this.#most * 2, this.#options.batchEntries);
    } catch (error) {
      this.#position = undefined;
      if (kindOfFailure(error) !== 'value') throw error;
      await this.#narrow(error, position, taken, state);
    }
  }

  /** A value the database will not take must not hold up the log: halve the run until one entry is left, and leave that out. */
  async #narrow(error: unknown, position: Position, count: number, state: LogState): Promise<void> {
    if (count > 1) {
      this.#most = Math.ceil(count / 2);
      return;
    }
    const { logger } = this.#modules;
    logger.error(
      { origin: this.origin, index: position.size, error: messageOf(error) },
      'a log entry cannot be stored',
    );
    this.skipped++;
    await this.#commit(position, { size: position.size + 1, state }, undefined);
  }

  async #commit(from: Position, to: Position, rows: LogRows | undefined): Promise<void> {
    const { db } = this.#modules.database;
    const done = await db.transaction().execute(async (tx) => {
      // Losing the last half second in a power cut costs nothing: it is read again from the log.
      await sql`SET LOCAL synchronous_commit = off`.execute(tx);
      await sql`
        INSERT INTO sextant.log_progress (origin, size) VALUES (${this.origin}, 0) ON CONFLICT DO NOTHING`.execute(tx);
      const now = await tx
        .selectFrom('log_progress')
        .select('size')
        .where('origin', '=', this.origin)
        .forUpdate()
        .executeTakeFirstOrThrow();
      // Another process carries the same log: go on from where it is.
      if (Number(now.size) !== from.size) return false;
      if (rows !== undefined) await writeLogRows(tx, this.origin, rows);
      await tx
        .updateTable('log_progress')
        .set({ size: BigInt(to.size), last_slot: to.state.lastSlot === undefined ? null : BigInt(to.state.lastSlot) })
        .where('origin', '=', this.origin)
        .execute();
      return true;
    });
    this.#position = done ? to : undefined;
    if (done) this.unreadable += rows?.unreadable ?? 0;
  }

  async #makePartitions({ network, lastSlot }: LogState): Promise<void> {
    if (network === undefined) return;
    const logMs = slotStartMs(network.timing, (lastSlot ?? -1) + 1);
    const day = Math.floor(logMs / DAY_MS);
    if (day === this.#partitionsOfDay) return;
    await ensurePartitions(this.#modules.database.db, logMs);
    this.#partitionsOfDay = day;
  }
}
