import { type Database, PROJECTOR_DEFAULTS, type ProvisionalResults, startProjector } from '@sextant/oracle/store';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countRows, fingerprint, project, silent, startTestServer, type TestServer } from './database-harness.ts';
import {
  batchEntry,
  beacon,
  bytes,
  cellOf,
  certificateEntry,
  GrowingLog,
  genesisEntry,
  keyOf,
  makeSample,
  markEntry,
  ORIGIN,
  resultSource,
  type Sample,
  survey,
  surveyKey,
  TIMING,
  witness,
} from './sample-network.ts';

const HOTSPOTS = 12;
const EPOCHS = 3;

let server: TestServer;
let sample: Sample;
/** What the tables hold when everything went well. */
let expected: Record<string, string>;

beforeAll(async () => {
  server = await startTestServer();
  sample = makeSample(HOTSPOTS, EPOCHS);
  expected = await fingerprint(await filled(sample));
});
afterAll(async () => server.close());

async function filled({ entries, closed }: Sample): Promise<Database> {
  const { database } = await server.fresh();
  await project(database, new GrowingLog(entries), closed);
  return database;
}

describe('the log in the tables', () => {
  test('every report has one row, and the rollup by signer counts them exactly', async () => {
    const database = await filled(sample);
    expect(await countRows(database, 'sextant.reports')).toBe(BigInt(sample.reports));
    expect(await countRows(database, 'sextant.reports_default')).toBe(0n);
    const { rows } = await sql`
      SELECT key FROM sextant.activity FULL JOIN (
        SELECT reporter AS key, count(*) FILTER (WHERE kind = 1) AS b, count(*) FILTER (WHERE kind = 2) AS w,
          count(*) FILTER (WHERE kind = 3) AS s FROM sextant.reports GROUP BY reporter) AS counted USING (key)
      WHERE (beacons, witness_reports, survey_reports) IS DISTINCT FROM (b, w, s)`.execute(database.db);
    expect(rows).toEqual([]);
  });

  test('assertions take effect two rounds after the next slot mark; rounds without a timely certificate are void', async () => {
    const { database } = await server.fresh();
    await project(
      database,
      new GrowingLog([...sample.entries.slice(0, 40), markEntry(0), certificateEntry(1), markEntry(9)]),
    );
    const { rows } = await sql`SELECT DISTINCT effective_round FROM sextant.assertions`.execute(database.db);
    expect(rows).toEqual([{ effective_round: 2n }]);
    const late = [
      ...sample.entries.slice(0, 40),
      markEntry(0),
      certificateEntry(1),
      markEntry(9),
      markEntry(19),
      certificateEntry(2),
    ];
    await project(database, new GrowingLog(late));
    expect(await database.db.selectFrom('rounds').select(['round', 'state']).orderBy('round').execute()).toEqual([
      { round: 1n, state: 1 },
      { round: 2n, state: 2 },
    ]);
  });

  test('what nobody can read, and what no database can store, does not stop it', async () => {
    const { database } = await server.fresh();
    const log = new GrowingLog([
      bytes('noise', 40),
      genesisEntry(),
      batchEntry(keyOf(1), TIMING.genesisMs, [
        { kind: 'gateway_status', framesReceived: 1, framesSent: 2, gatewaySoftware: 'a\0b', gpsLock: true },
      ]),
      batchEntry(keyOf(2), TIMING.genesisMs, [beacon(2 ** 39, 2 ** 44), witness('far', 5)]),
      new Uint8Array(0),
      markEntry(0),
    ]);
    const projector = startProjector(PROJECTOR_DEFAULTS, {
      database,
      ledgers: [log],
      results: resultSource([]),
      logger: silent,
    });
    await projector.whenCaughtUp();
    expect(projector.status()).toMatchObject({ failures: 0, logs: [{ size: 6, read: 6, unreadable: 2, skipped: 0 }] });
    await projector.stop();
    expect(await database.db.selectFrom('gateway_status').select('software').execute()).toEqual([{ software: 'ab' }]);
    expect(await countRows(database, 'sextant.reports')).toBe(2n);
  });

  test('batch size, restarts and a second run change nothing', async () => {
    for (const batchEntries of [11, 200]) {
      const { database } = await server.fresh();
      const log = new GrowingLog(sample.entries.slice(0, 400));
      const options = { ...PROJECTOR_DEFAULTS, batchEntries };
      const modules = { database, ledgers: [log], results: resultSource(sample.closed), logger: silent };
      const first = startProjector(options, { ...modules, results: resultSource([]) });
      await first.whenCaughtUp();
      await first.stop();
      log.all.push(...sample.entries.slice(400));
      const second = startProjector(options, modules);
      await second.whenCaughtUp();
      for (const closed of sample.closed) second.addClosedEpoch(closed);
      await second.whenCaughtUp();
      expect(await fingerprint(database)).toEqual(expected);
      if (batchEntries === 200) {
        await second.rebuild();
        expect(await fingerprint(database)).toEqual(expected);
      }
      await second.stop();
    }
  });

  test('duplicate and late reports are counted once, whatever batch they come in', async () => {
    const { database } = await server.fresh();
    const late = beacon(1, TIMING.genesisMs + 1_000);
    const heard = witness('w', TIMING.genesisMs + 2_000);
    const days = (n: number): number => TIMING.genesisMs + n * 86_400_000;
    const marks = (day: number): Uint8Array => markEntry(day * 1_440);
    const log = new GrowingLog([
      genesisEntry(),
      marks(0),
      batchEntry(keyOf(1), days(0), [late, heard, heard]),
      batchEntry(keyOf(1), days(0), [heard, late]),
      marks(2),
      batchEntry(keyOf(1), days(2), [late, beacon(2, days(2))]),
      batchEntry(keyOf(2), days(2), [heard]),
    ]);
    await project(database, log);
    const rows = await database.db
      .selectFrom('activity')
      .select(['key', 'beacons', 'witness_reports'])
      .orderBy('witness_reports')
      .orderBy('beacons')
      .execute();
    expect(rows).toEqual([
      { key: Buffer.from(keyOf(2)), beacons: 0n, witness_reports: 1n },
      { key: Buffer.from(keyOf(1)), beacons: 2n, witness_reports: 1n },
    ]);
  });
});

describe('several writers', () => {
  test('four projectors on overlapping logs end exact, without a deadlock', async () => {
    const { database } = await server.fresh();
    const [genesis, ...rest] = sample.entries;
    if (genesis === undefined) throw new Error('no genesis');
    const logs = [0, 1, 2, 3].map((offset) => {
      const rotated = [...rest.slice(offset * 100), ...rest.slice(0, offset * 100)];
      return new GrowingLog([genesis, ...(offset % 2 === 0 ? rotated : rotated.toReversed())], `${ORIGIN}/${offset}`);
    });
    const projectors = logs.map((log) =>
      startProjector(
        { ...PROJECTOR_DEFAULTS, batchEntries: 64 },
        { database, ledgers: [log], results: resultSource([]), logger: silent },
      ),
    );
    await Promise.all(projectors.map((projector) => projector.whenCaughtUp()));
    const failures = projectors.map((projector) => projector.status().failures);
    await Promise.all(projectors.map((projector) => projector.stop()));
    expect(failures).toEqual([0, 0, 0, 0]);
    expect(await countRows(database, 'sextant.reports')).toBe(BigInt(sample.reports));
    const { rows } = await sql`
      SELECT sum(beacons + witness_reports + survey_reports) AS total FROM sextant.activity`.execute(database.db);
    expect(rows).toEqual([{ total: BigInt(sample.reports) }]);
  });

  test('two projectors on one log do not count twice', async () => {
    const { database } = await server.fresh();
    const start = () =>
      startProjector(
        { ...PROJECTOR_DEFAULTS, batchEntries: 16 },
        { database, ledgers: [new GrowingLog(sample.entries)], results: resultSource([]), logger: silent },
      );
    const both = [start(), start()];
    await Promise.all(both.map((projector) => projector.whenCaughtUp()));
    for (const projector of both) await projector.stop();
    await project(database, new GrowingLog(sample.entries), sample.closed);
    expect(await fingerprint(database)).toEqual(expected);
  });
});

describe('results', () => {
  test('provisional ones build up the coverage that the epoch then confirms, told once or twice, in any order', async () => {
    const database = await filled({ ...sample, closed: [] });
    const projector = startProjector(PROJECTOR_DEFAULTS, {
      database,
      ledgers: [new GrowingLog(sample.entries)],
      results: resultSource([]),
      logger: silent,
    });
    for (const results of sample.provisional.toReversed()) projector.addProvisional(results);
    for (const results of sample.provisional) projector.addProvisional(results);
    await projector.whenCaughtUp();
    const coverage = async (): Promise<unknown[]> =>
      database.db.selectFrom('coverage').selectAll().orderBy('epoch').orderBy('cell').execute();
    const witnesses = async (): Promise<unknown[]> =>
      database.db
        .selectFrom('coverage_witnesses')
        .selectAll()
        .orderBy('epoch')
        .orderBy('cell')
        .orderBy('witness')
        .execute();
    const live = [await coverage(), await witnesses()];
    for (const closed of sample.closed) projector.addClosedEpoch(closed);
    for (const results of sample.provisional) projector.addProvisional(results);
    await projector.whenCaughtUp();
    expect([await coverage(), await witnesses()]).toEqual(live);
    expect(await fingerprint(database)).toEqual(expected);
    await projector.stop();
  });

  test('a link whose report turns out invalid is taken back, and its cell is counted again', async () => {
    const { database } = await server.fresh();
    const projector = startProjector(PROJECTOR_DEFAULTS, {
      database,
      ledgers: [new GrowingLog(sample.entries)],
      results: resultSource([]),
      logger: silent,
    });
    const [first] = sample.provisional;
    if (first === undefined) throw new Error('no results');
    const cell = first.links[0]?.cell ?? 0n;
    const inCell = first.links.filter((link) => link.cell === cell);
    const [fallen, ...left] = inCell;
    if (fallen === undefined) throw new Error('no link');
    projector.addProvisional(first);
    const overturn = (reports: readonly Uint8Array[]): ProvisionalResults => ({
      epoch: 0,
      links: [],
      cells: [],
      verdicts: first.verdicts
        .filter(({ reportId }) => reports.some((id) => Buffer.compare(id, reportId) === 0))
        .map((verdict) => ({ ...verdict, outcome: 'invalid', reason: 'conflicting_reports' })),
    });
    projector.addProvisional(overturn([fallen.reportId]));
    await projector.whenCaughtUp();
    const row = () =>
      database.db
        .selectFrom('coverage')
        .select(['links', 'witnesses', 'best_esp_ddbm', 'least_esp_ddbm'])
        .where('cell', '=', cell)
        .executeTakeFirst();
    const levels = left.map(({ espDdbm }) => espDdbm);
    expect(await row()).toEqual({
      links: left.length,
      witnesses: left.length,
      best_esp_ddbm: Math.max(...levels),
      least_esp_ddbm: Math.min(...levels),
    });
    projector.addProvisional(overturn(left.map(({ reportId }) => reportId)));
    await projector.whenCaughtUp();
    expect(await row()).toBeUndefined();
    await projector.stop();
  });

  test('surveyed cells are uncovered until somebody hears one', async () => {
    const { database } = await server.fresh();
    const cell = cellOf(201);
    const at = TIMING.genesisMs + 7_000;
    const sent = survey(1, 0, cell, at);
    const log = new GrowingLog([genesisEntry(), markEntry(0), batchEntry(surveyKey, at, [sent])]);
    const projector = startProjector(PROJECTOR_DEFAULTS, {
      database,
      ledgers: [log],
      results: resultSource([]),
      logger: silent,
    });
    const cells = [{ cell, state: 'surveyed_not_covered' as const, surveyTransmissions: 3 }];
    projector.addProvisional({ epoch: 0, verdicts: [], links: [], cells });
    await projector.whenCaughtUp();
    const row = () =>
      database.db
        .selectFrom('coverage')
        .select(['state', 'links', 'survey_transmissions', 'last_seen'])
        .executeTakeFirst();
    expect(await row()).toEqual({ state: 2, links: 0, survey_transmissions: 3, last_seen: at });
    const link = sample.provisional[0]?.links[0];
    if (link === undefined) throw new Error('no link');
    projector.addProvisional({ epoch: 0, verdicts: [], links: [{ ...link, cell }], cells });
    await projector.whenCaughtUp();
    expect(await row()).toMatchObject({ state: 1, links: 1, survey_transmissions: 3 });
    await projector.stop();
  });
});
