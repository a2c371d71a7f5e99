import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock } from '@sextant/firmware-bridge/clock';
import { unixMs } from '@sextant/firmware-bridge/protocol';
import {
  kindOfFailure,
  MAINTENANCE_DEFAULTS,
  MIGRATION_NAMES,
  openDatabase,
  PROJECTOR_DEFAULTS,
  startMaintenance,
  startProjector,
  TABLE_NAMES,
} from '@sextant/oracle/store';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fingerprint, silent, startTestServer, type TestServer } from './database-harness.ts';
import { GrowingLog, makeSample, resultSource, TIMING } from './sample-network.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => server.close());

const open = (url: string) => openDatabase({ url, dataDirectory: '' }, { logger: silent });

describe('opening', () => {
  test('makes the database and its tables, once, also when several processes start together', async () => {
    const name = `sextant_test_${process.pid}_together`;
    await server.drop(name);
    const opened = await Promise.all([1, 2, 3].map(() => open(server.url(name))));
    const ids = await Promise.all(opened.map((database) => database.ensureUsable()));
    expect(new Set(ids).size).toBe(1);
    const [first] = opened;
    if (first === undefined) throw new Error('nothing opened');
    const { rows } = await sql<{ name: string }>`SELECT name FROM sextant.kysely_migration ORDER BY name`.execute(
      first.db,
    );
    expect(rows.map((row) => row.name)).toEqual(MIGRATION_NAMES);
    const tables = await sql<{ name: string }>`
      SELECT relname AS name FROM pg_class WHERE relnamespace = 'sextant'::regnamespace AND relkind IN ('r', 'p')
        AND NOT relispartition AND relname NOT LIKE 'kysely%'`.execute(first.db);
    expect(new Set(tables.rows.map((row) => row.name))).toEqual(new Set(TABLE_NAMES));
    await Promise.all(opened.map((database) => database.close()));
    const again = await open(server.url(name));
    expect(await again.ensureUsable()).toBe(ids[0]);
    expect(again.status().major).toBeGreaterThanOrEqual(13);
    await again.close();
    await server.drop(name);
  });

  test('values come out as what they are: whole numbers of 64 bits and more, bytes, Unix milliseconds', async () => {
    const { database } = await server.fresh();
    const { rows } = await sql`
      SELECT 9223372036854775807::bigint AS whole, 123456789012345678901234567890::numeric AS large, '\\x00ff'::bytea AS bytes,
        '2026-01-31T22:00:00.123Z'::timestamptz AS time, NULL::bigint AS nothing`.execute(database.db);
    expect(rows).toEqual([
      {
        whole: 9_223_372_036_854_775_807n,
        large: 123_456_789_012_345_678_901_234_567_890n,
        bytes: Buffer.from([0, 255]),
        time: Date.UTC(2026, 0, 31, 22, 0, 0, 123),
        nothing: null,
      },
    ]);
  });

  test.each([
    ['nothing listens there', 'postgresql://sextant:x@127.0.0.1:1/sextant', 'unreachable'],
    ['the host has no address', 'postgresql://sextant:x@no-such-host.invalid/sextant', 'unreachable'],
    ['no address at all', 'mysql://sextant@localhost/sextant', 'bad_url'],
  ])('says what is wrong: %s', async (_, url, code) => {
    await expect(open(url)).rejects.toMatchObject({ name: 'StoreError', code });
  });

  test('a wrong password is told apart, and not repeated in the message', async () => {
    const url = server.url('postgres').replace(/:[^:@/]+@/, ':certainly-wrong@');
    const failure = await open(url).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'wrong_password' });
    expect(String(failure)).not.toContain('certainly-wrong');
  });

  test('a user who may not create databases or schemas is told so', async () => {
    const { database, url, name } = await server.fresh();
    const role = `sextant_weak_${process.pid}`;
    await sql.raw(`CREATE ROLE ${role} LOGIN PASSWORD 'weak'`).execute(database.db);
    await sql.raw(`REVOKE ALL ON SCHEMA sextant FROM PUBLIC`).execute(database.db);
    const as = (target: string): string => target.replace(/\/\/[^@/]*@/, `//${role}:weak@`);
    await expect(open(as(url))).rejects.toMatchObject({ code: 'not_permitted' });
    await expect(open(as(server.url(`${name}_absent`)))).rejects.toMatchObject({ code: 'database_missing' });
    await sql.raw(`DROP ROLE ${role}`).execute(database.db);
  });
});

describe('failures are sorted', () => {
  test.each([
    ['SELECT 1/0', 'value'],
    ['SELECT * FROM sextant.no_such_table', 'missing'],
    ['SELEC', 'other'],
    ['SELECT pg_terminate_backend(pg_backend_pid())', 'gone'],
  ])('%s: %s', async (text, kind) => {
    const { database } = await server.fresh();
    const failure = await sql
      .raw(text)
      .execute(database.db)
      .catch((error: unknown) => error);
    expect(kindOfFailure(failure)).toBe(kind);
    // A connection the server has closed may be handed out once more before that is known here.
    const again = async (): Promise<unknown> => (await sql`SELECT 1 AS one`.execute(database.db)).rows;
    expect(await again().catch(again)).toEqual([{ one: 1 }]);
  });
});

test('the hourly job keeps partitions ahead of the clock', async () => {
  const { database } = await server.fresh();
  const clock = createManualClock(TIMING.genesisMs);
  const job = startMaintenance(MAINTENANCE_DEFAULTS, { database, clock, logger: silent });
  const DAY = 86_400_000;
  await clock.advanceTo(unixMs(TIMING.genesisMs + 2 * DAY));
  await job.stop();
  const { rows } = await sql<{ name: string }>`
    SELECT relname AS name FROM pg_class WHERE relname LIKE 'reports\_2%' AND relkind = 'r' ORDER BY relname`.execute(
    database.db,
  );
  const names = rows.map((row) => row.name);
  const day = (n: number): string =>
    `reports_${new Date(TIMING.genesisMs + n * DAY).toISOString().slice(0, 10).replaceAll('-', '')}`;
  expect(names).toEqual([-3, -2, -1, 0, 1, 2, 3, 4, 5].map(day));
});

test('the embedded server’s folder deleted while it is in use: made anew, with the same content', async () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'sextant-store-'));
  const sample = makeSample(8, 1);
  const database = await openDatabase({ dataDirectory }, { logger: silent });
  const projector = startProjector(
    { ...PROJECTOR_DEFAULTS, pollMs: 50 },
    { database, ledgers: [new GrowingLog(sample.entries)], results: resultSource(sample.closed), logger: silent },
  );
  try {
    await projector.whenCaughtUp();
    const before = await fingerprint(database);
    const pid = database.status().embedded?.pid;
    rmSync(join(dataDirectory, 'postgres'), { recursive: true, force: true });
    await projector.whenCaughtUp();
    expect(await fingerprint(database)).toEqual(before);
    expect(database.status().embedded?.pid).not.toBe(pid);
    process.kill(database.status().embedded?.pid ?? 0, 'SIGKILL');
    await projector.rebuild();
    expect(await fingerprint(database)).toEqual(before);
    expect(projector.status().failing).toBeUndefined();
  } finally {
    await projector.stop();
    await database.close();
    rmSync(dataDirectory, { recursive: true, force: true });
  }
});
