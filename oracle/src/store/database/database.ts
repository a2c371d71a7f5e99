import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Logger } from 'pino';
import type { EmbeddedPostgresInfo, EmbeddedStep } from '../embedded-postgres/embedded-postgres.ts';
import { dropSchema, findProjectionId, migrate } from '../schema/migrate.ts';
import { SCHEMA_NAME, type Schema } from '../schema/schema.ts';
import { StoreError } from '../store-error.ts';
import { type DatabaseCapabilities, probeCapabilities } from './capabilities.ts';
import { createDatabaseIfMissing, withClient } from './create-database.ts';
import { explainFailure, kindOfFailure } from './failure.ts';
import {
  type AttachedServer,
  attachmentOf,
  type DatabaseServer,
  type DatabaseServerOptions,
  findServer,
} from './server.ts';
import { createTypeParsers } from './type-parsers.ts';

export interface DatabaseOptions extends DatabaseServerOptions {
  /** Connections kept for queries; default 10. */
  readonly poolSize?: number;
}

export interface DatabaseModules {
  readonly logger: Logger;
  /** What the private server is doing, for people who wait. */
  readonly onStep?: (step: EmbeddedStep, text: string) => void;
}

/** What `oracle status` shows. */
export interface DatabaseStatus extends DatabaseCapabilities {
  /** Holds no secret. */
  readonly where: string;
  readonly embedded?: EmbeddedPostgresInfo;
}

export interface Database {
  /** Queries go to schema `sextant`. A failed one rejects with what PostgreSQL says; `kindOfFailure` sorts it. */
  readonly db: Kysely<Schema>;
  status(): DatabaseStatus;
  /** How another thread reaches the private server this one keeps; undefined when there is none. */
  attachment(): AttachedServer | undefined;
  /**
   * Makes the database usable again after whatever happened to it: server started, database created, tables made. Returns the
   * id of these tables: another id than before means that they are empty and must be filled from the log.
   */
  ensureUsable(): Promise<string>;
  /** Empties everything. `ensureUsable` then makes new tables. */
  drop(): Promise<void>;
  /** Ends the connections and, when it is ours, the server. */
  close(): Promise<void>;
}

const OLDEST_MAJOR = 13;

/** Opens the database at `url`, or the private one, with its tables made. Throws StoreError that says what to do. */
export async function openDatabase(options: DatabaseOptions, modules: DatabaseModules): Promise<Database> {
  const server = await findServer(options, modules);
  const pool = createPool(server, options.poolSize ?? 10, modules.logger);
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  try {
    await createDatabaseIfMissing(server);
    const capabilities = await probeCapabilities(server);
    if (capabilities.major < OLDEST_MAJOR) throw tooOld(server, capabilities);
    const { version, timescale, timescaleHindrance } = capabilities;
    modules.logger.info({ where: server.where, version, timescale, timescaleHindrance }, 'database');
    await migrateTables(server, db, capabilities, modules.logger);
    return new PostgresDatabase(server, db, capabilities, modules.logger);
  } catch (error) {
    await db.destroy();
    await server.embedded?.stop();
    throw explainFailure(error, server.where);
  }
}

function createPool(server: DatabaseServer, max: number, logger: Logger): pg.Pool {
  const pool = new pg.Pool({
    ...server.login('ours'),
    max,
    types: createTypeParsers(),
    connectionTimeoutMillis: 10_000,
    application_name: 'sextant',
  });
  // A connection that breaks, idle or between two statements of a transaction, tells so by an event that would end the process
  // if nobody listened. The pool replaces it; a statement in work rejects by itself.
  const note = (error: Error): void => logger.debug({ error: error.message }, 'a database connection broke');
  pool.on('error', note);
  pool.on('connect', (client) => client.on('error', note));
  return pool;
}

function tooOld(server: DatabaseServer, { version }: DatabaseCapabilities): StoreError {
  return new StoreError(
    'too_old',
    `The server at ${server.where} is PostgreSQL ${version}; ${OLDEST_MAJOR} is the oldest that works. Upgrade it, or unset DATABASE_URL to use the embedded one.`,
    { version },
  );
}

class PostgresDatabase implements Database {
  readonly db: Kysely<Schema>;
  readonly #server: DatabaseServer;
  readonly #logger: Logger;
  #capabilities: DatabaseCapabilities;

  constructor(server: DatabaseServer, db: Kysely<Schema>, capabilities: DatabaseCapabilities, logger: Logger) {
    this.#server = server;
    this.#capabilities = capabilities;
    this.#logger = logger;
    this.db = db.withSchema(SCHEMA_NAME);
  }

  status(): DatabaseStatus {
    const { where, embedded } = this.#server;
    return { ...this.#capabilities, where, ...(embedded === undefined ? {} : { embedded: embedded.info() }) };
  }

  attachment(): AttachedServer | undefined {
    return attachmentOf(this.#server);
  }

  async ensureUsable(): Promise<string> {
    await this.#server.ensureRunning?.();
    const before = await findTables(this.db);
    if (before !== undefined) return before;
    await createDatabaseIfMissing(this.#server);
    this.#capabilities = await probeCapabilities(this.#server);
    await migrateTables(this.#server, this.db, this.#capabilities, this.#logger);
    const after = await findTables(this.db);
    if (after === undefined)
      throw new StoreError('schema_missing', 'The tables were deleted again while they were made.');
    return after;
  }

  async drop(): Promise<void> {
    await dropSchema(this.db);
  }

  async close(): Promise<void> {
    await this.db.destroy();
    await this.#server.embedded?.stop();
  }
}

/** The id of the tables; undefined when not all of them are there. */
async function findTables(db: Kysely<Schema>): Promise<string | undefined> {
  try {
    return await findProjectionId(db);
  } catch (error) {
    if (kindOfFailure(error) === 'missing') return undefined;
    throw error;
  }
}

/** Any number: all processes that make tables in one database wait for each other on it. */
const MIGRATION_LOCK = 7_398_402;

/** Makes or completes the tables; where some were deleted, all of them anew, because the rest no longer fits the log. */
async function migrateTables(
  server: DatabaseServer,
  db: Kysely<Schema>,
  capabilities: DatabaseCapabilities,
  logger: Logger,
): Promise<void> {
  await withClient(server, 'ours', async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    let done = await migrate(db, capabilities);
    if ((await findTables(db)) === undefined) {
      await dropSchema(db);
      done = await migrate(db, capabilities);
    }
    if (done.length > 0) logger.info({ migrations: done }, 'database tables made');
  });
}
