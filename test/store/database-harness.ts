import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ClosedEpoch,
  type Database,
  EMBEDDED_POSTGRES_DEFAULTS,
  type EmbeddedPostgres,
  openDatabase,
  PROJECTOR_DEFAULTS,
  startEmbeddedPostgres,
  startProjector,
  TABLE_NAMES,
} from '@sextant/oracle/store';
import { sql } from 'kysely';
import pg from 'pg';
import { pino } from 'pino';
import { type GrowingLog, resultSource } from './sample-network.ts';

export const silent = pino({ level: 'silent' });

/** A server for one test file: the one named in SEXTANT_TEST_DATABASE_URL, else an embedded one. */
export interface TestServer {
  /** Address of a database of this name; it need not exist. */
  url(name: string): string;
  /** Opens a new, empty database, closed and dropped by `close`. */
  fresh(): Promise<{ readonly database: Database; readonly url: string; readonly name: string }>;
  /** Deletes a database as an operator would, whoever uses it. */
  drop(name: string): Promise<void>;
  close(): Promise<void>;
}

export async function startTestServer(): Promise<TestServer> {
  const given = process.env['SEXTANT_TEST_DATABASE_URL'];
  const folder = given === undefined ? mkdtempSync(join(tmpdir(), 'sextant-store-')) : undefined;
  const embedded = folder === undefined ? undefined : await startEmbedded(folder);
  if (embedded !== undefined) await dareMore(inEmbedded(embedded, 'postgres'));
  const url = (name: string): string =>
    embedded === undefined ? inGiven(given ?? '', name) : inEmbedded(embedded, name);
  const opened: { database: Database; name: string }[] = [];
  const drop = async (name: string): Promise<void> => {
    const client = new pg.Client({ connectionString: url('postgres') });
    await client.connect();
    await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`);
    await client.end();
  };
  return {
    url,
    drop,
    fresh: async () => {
      const name = `sextant_test_${process.pid}_${opened.length}`;
      await drop(name);
      const database = await openDatabase({ url: url(name), dataDirectory: '' }, { logger: silent });
      opened.push({ database, name });
      return { database, url: url(name), name };
    },
    close: async () => {
      for (const { database, name } of opened) {
        await database.close();
        await drop(name);
      }
      await embedded?.stop();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function startEmbedded(dataDirectory: string): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ ...EMBEDDED_POSTGRES_DEFAULTS, dataDirectory }, { logger: silent });
}

/** Nobody cuts the power during a test: what the disk has really got does not matter here, and it makes databases quickly. */
async function dareMore(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    await client.query(`ALTER SYSTEM SET ${setting} = off`);
  }
  await client.query('SELECT pg_reload_conf()');
  await client.end();
}

function inGiven(given: string, name: string): string {
  const match = /^(postgres(?:ql)?:\/\/[^/?]*)(?:\/[^?]*)?(\?.*)?$/.exec(given);
  if (match === null) throw new Error('SEXTANT_TEST_DATABASE_URL is no postgresql:// address');
  return `${match[1] ?? ''}/${name}${match[2] ?? ''}`;
}

function inEmbedded(embedded: EmbeddedPostgres, name: string): string {
  const { user, password, host } = embedded.address();
  return `postgresql://${user}:${encodeURIComponent(password)}@/${name}?host=${encodeURIComponent(host)}`;
}

/** Carries the log and the results into the tables, once. */
export async function project(database: Database, log: GrowingLog, closed: readonly ClosedEpoch[] = []): Promise<void> {
  const results = resultSource(closed);
  const projector = startProjector(PROJECTOR_DEFAULTS, { database, ledgers: [log], results, logger: silent });
  await projector.whenCaughtUp();
  await projector.stop();
}

export async function countRows({ db }: Database, table: string): Promise<bigint> {
  const { rows } = await sql<{ count: bigint }>`SELECT count(*) AS count FROM ${sql.raw(table)}`.execute(db);
  return rows[0]?.count ?? -1n;
}

/** Number of rows and a hash over all of them, for each table that comes from the log; independent of their physical order. */
export async function fingerprint({ db }: Database): Promise<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const table of TABLE_NAMES) {
    if (table === 'projection' || table === 'refusals') continue;
    const { rows } = await sql<{ rows: bigint; hash: string | null }>`
      SELECT count(*) AS rows, md5(string_agg(t::text, chr(10) ORDER BY t::text)) AS hash
      FROM ${sql.id('sextant', table)} AS t`.execute(db);
    result[table] = `${rows[0]?.rows ?? 0n} ${rows[0]?.hash ?? '-'}`;
  }
  return result;
}
