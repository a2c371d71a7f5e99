import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { maintain, PROJECTOR_DEFAULTS, startProjector } from '@sextant/oracle/store';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countRows, fingerprint, project, silent, startTestServer, type TestServer } from './database-harness.ts';
import { GrowingLog, makeSample, resultSource, type Sample, TIMING } from './sample-network.ts';

const HOTSPOTS = 12;
const EPOCHS = 3;

let server: TestServer;
let sample: Sample;
/** What the tables hold when everything went well. */
let expected: Record<string, string>;

beforeAll(async () => {
  server = await startTestServer();
  sample = makeSample(HOTSPOTS, EPOCHS);
  const { database } = await server.fresh();
  await project(database, new GrowingLog(sample.entries), sample.closed);
  expected = await fingerprint(database);
});
afterAll(async () => server.close());

test('killed at any moment and started again, it ends with the same content', async () => {
  const { database, url } = await server.fresh();
  const child = fileURLToPath(new URL('../dist/store/projector-child.js', import.meta.url));
  const progress = async (): Promise<number> => {
    const row = await database.db.selectFrom('log_progress').select('size').executeTakeFirst();
    return Number(row?.size ?? 0);
  };
  const closed = async (): Promise<number> => Number(await countRows(database, 'sextant.epochs'));
  const all = sample.entries.length;
  const moments = [
    async () => (await progress()) > all / 3,
    async () => (await progress()) > all / 2 + Math.random() * 200,
    async () => (await closed()) > 0,
  ];
  for (const moment of moments) {
    const running = spawn(process.execPath, [child, url, String(HOTSPOTS), String(EPOCHS)], { stdio: 'inherit' });
    const gone = once(running, 'exit');
    while (!(await moment()) && running.exitCode === null) await delay(5);
    running.kill('SIGKILL');
    await gone;
  }
  await project(database, new GrowingLog(sample.entries), sample.closed);
  expect(await fingerprint(database)).toEqual(expected);
});

describe('the database goes away', () => {
  test('dropped while in use: made anew and filled from the log, with the same content', async () => {
    const { database, name } = await server.fresh();
    const log = new GrowingLog(sample.entries);
    const projector = startProjector(
      { ...PROJECTOR_DEFAULTS, batchEntries: 100, pollMs: 20 },
      { database, ledgers: [log], results: resultSource(sample.closed), logger: silent },
    );
    await server.drop(name);
    await projector.whenCaughtUp();
    await server.drop(name);
    await projector.whenCaughtUp();
    expect(await fingerprint(database)).toEqual(expected);
    await sql`DROP TABLE sextant.coverage`.execute(database.db);
    await projector.whenCaughtUp();
    expect(await fingerprint(database)).toEqual(expected);
    await sql`DROP SCHEMA sextant CASCADE`.execute(database.db);
    await projector.whenCaughtUp();
    expect(await fingerprint(database)).toEqual(expected);
    await projector.stop();
  });

  test('results that found no room while it was away are asked for again', async () => {
    const { database } = await server.fresh();
    const projector = startProjector(
      { ...PROJECTOR_DEFAULTS, mostWaitingRows: 100 },
      { database, ledgers: [new GrowingLog(sample.entries)], results: resultSource(sample.closed), logger: silent },
    );
    for (const results of sample.provisional) projector.addProvisional(results);
    await projector.whenCaughtUp();
    expect(await fingerprint(database)).toEqual(expected);
    await projector.stop();
  });
});

describe('age', () => {
  test('rows that waited in the default partition move when their day is made; old days go', async () => {
    const { database } = await server.fresh();
    await project(database, new GrowingLog(sample.entries), sample.closed);
    await sql`
      INSERT INTO sextant.links SELECT time + interval '20 days', report_id, epoch, cell, sender, sender_kind, witness, round,
        esp_ddbm, snr_ddb FROM sextant.links`.execute(database.db);
    const all = await countRows(database, 'sextant.links');
    expect(await countRows(database, 'sextant.links_default')).toBe(all / 2n);
    const now = TIMING.genesisMs + 20 * 86_400_000;
    const options = { reportDays: 31, coverageDays: 30 };
    await maintain(options, database, now, silent);
    expect(await countRows(database, 'sextant.links_default')).toBe(0n);
    expect(await countRows(database, 'sextant.links')).toBe(all);
    await maintain(options, database, now + 20 * 86_400_000, silent);
    expect(await countRows(database, 'sextant.links')).toBe(all / 2n);
    expect(await countRows(database, 'sextant.coverage')).toBe(0n);
    expect(await countRows(database, 'sextant.epochs')).toBe(3n);
  });
});
