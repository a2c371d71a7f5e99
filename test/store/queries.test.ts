import { compareBytes, nameOfKey, type Verdict } from '@sextant/firmware-bridge/protocol';
import {
  addRefusals,
  type CoverageRow,
  type CoverageWindow,
  countHeardBy,
  countHexes,
  countOutcomes,
  countParticipants,
  countReasons,
  type Database,
  findCoverage,
  findEpoch,
  findGatewayStatus,
  findHotspot,
  findLatestEpoch,
  findNetworkRow,
  findOwnerTotal,
  findParticipant,
  findParticipantsByName,
  findRoundState,
  findVerdict,
  getHex,
  type HotspotRow,
  listCellWitnesses,
  listEpochs,
  listFootprint,
  listHotspots,
  listRefusals,
  listRewards,
  listVerdicts,
  listVoidRounds,
  PROJECTOR_DEFAULTS,
  startProjector,
  streamCoverage,
  sumByClass,
  sumRewards,
  type VerdictRow,
} from '@sextant/oracle/store';
import { cellToParent } from 'h3-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silent, startTestServer, type TestServer } from './database-harness.ts';
import {
  assertion,
  batchEntry,
  bytes,
  cellOf,
  GrowingLog,
  keyOf,
  makeSample,
  markEntry,
  NETWORK_ID,
  resultSource,
  type Sample,
  surveyKey,
  TIMING,
} from './sample-network.ts';

const HOTSPOTS = 12;
const [CLOSED, EPOCHS] = [2, 3];
const ROUNDS = TIMING.epochMs / TIMING.roundMs;
const LAST_ROUND = EPOCHS * ROUNDS - 1;

let server: TestServer;
let database: Database;
let sample: Sample;
const live: CoverageWindow = { fromEpoch: 0 };

/** Two epochs closed, the third still provisional. */
beforeAll(async () => {
  server = await startTestServer();
  ({ database } = await server.fresh());
  sample = makeSample(HOTSPOTS, EPOCHS);
  const status = {
    kind: 'gateway_status',
    framesReceived: 5,
    framesSent: 1,
    gatewaySoftware: 'pf 2',
    gpsLock: false,
  } as const;
  const log = new GrowingLog([
    ...sample.entries,
    // Moved to another cell at last; a further move is not yet in force.
    batchEntry(keyOf(3), TIMING.genesisMs, [assertion(2, cellOf(150)), status]),
    markEntry((LAST_ROUND - 2) * 10),
    batchEntry(keyOf(3), TIMING.genesisMs, [assertion(3, cellOf(160))]),
    // Two of one number: both void.
    batchEntry(keyOf(4), TIMING.genesisMs, [assertion(2, cellOf(151))]),
    batchEntry(keyOf(4), TIMING.genesisMs, [assertion(2, cellOf(152))]),
    markEntry(LAST_ROUND * 10),
  ]);
  const open = sample.provisional.filter(({ epoch }) => epoch >= CLOSED);
  const projector = startProjector(PROJECTOR_DEFAULTS, {
    database,
    ledgers: [log],
    results: resultSource(sample.closed.slice(0, CLOSED), open),
    logger: silent,
  });
  await projector.whenCaughtUp();
  await projector.stop();
});
afterAll(async () => server.close());

const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');
const allLinks = () => sample.provisional.flatMap(({ links, epoch }) => links.map((link) => ({ ...link, epoch })));
const allVerdicts = (): Verdict[] => sample.provisional.flatMap(({ verdicts }) => [...verdicts]);
const parent = (cell: bigint, resolution: number): bigint => BigInt(`0x${cellToParent(cell.toString(16), resolution)}`);

describe('network', () => {
  test('what genesis says', async () => {
    expect(await findNetworkRow(database.db)).toMatchObject({ networkId: NETWORK_ID, timing: TIMING, ruleSet: 1 });
  });
  test('rounds', async () => {
    expect(await findRoundState(database.db, 1)).toBe('certified');
    expect(await findRoundState(database.db, 4)).toBe('void');
    expect(await findRoundState(database.db, 900)).toBe('pending');
    expect(await listVoidRounds(database.db, 0, 12)).toEqual([0, 4, 8]);
  });
});

describe('participants', () => {
  test('by key and by name', async () => {
    const found = await findParticipant(database.db, keyOf(5));
    expect(found).toMatchObject({
      kind: 'hotspot',
      name: nameOfKey(keyOf(5)),
      owner: Buffer.from(bytes('owner 5', 20)),
    });
    expect(await findParticipant(database.db, surveyKey)).toMatchObject({ kind: 'survey_device' });
    expect(await findParticipant(database.db, bytes('stranger'))).toBeUndefined();
    const [first] = await findParticipantsByName(database.db, nameOfKey(keyOf(5)).slice(0, -1), 10);
    expect(first?.key).toEqual(Buffer.from(keyOf(5)));
    expect(await findParticipantsByName(database.db, '%', 10)).toEqual([]);
    expect(await findGatewayStatus(database.db, keyOf(3))).toMatchObject({
      framesReceived: 5,
      gatewaySoftware: 'pf 2',
    });
  });

  test('pages of hotspots hold each one once, in the order of keys', async () => {
    const found: HotspotRow[] = [];
    for (let after: Uint8Array | undefined; ; ) {
      const page = await listHotspots(database.db, {
        round: LAST_ROUND,
        limit: 5,
        ...(after === undefined ? {} : { after }),
      });
      found.push(...page);
      after = page.at(-1)?.key;
      if (after === undefined) break;
    }
    const keys = Array.from({ length: HOTSPOTS }, (_, i) => keyOf(i)).toSorted(compareBytes);
    expect(found.map(({ key }) => hex(key))).toEqual(keys.map(hex));
    expect(found[0]?.activity).toMatchObject({ beacons: EPOCHS * ROUNDS, witnessReports: 3 * EPOCHS * ROUNDS });
  });

  test('the place is that of the assertion in force in the round, and void ones never are', async () => {
    const cellIn = async (index: number, round: number): Promise<bigint | undefined> =>
      (await findHotspot(database.db, keyOf(index), round))?.assertion.cell;
    expect(await cellIn(3, 1)).toBeUndefined();
    expect(await cellIn(3, 2)).toBe(cellOf(3));
    expect(await cellIn(3, LAST_ROUND - 1)).toBe(cellOf(3));
    expect(await cellIn(3, LAST_ROUND)).toBe(cellOf(150));
    expect(await cellIn(3, LAST_ROUND + 2)).toBe(cellOf(160));
    expect(await cellIn(4, LAST_ROUND + 2)).toBe(cellOf(4));
    const within = async (cell: bigint): Promise<string[]> =>
      (await listHotspots(database.db, { round: LAST_ROUND, within: [cell], limit: 100 })).map(({ key }) => hex(key));
    expect(await within(cellOf(3))).not.toContain(hex(keyOf(3)));
    expect(await within(cellOf(150))).toContain(hex(keyOf(3)));
    expect(await within(parent(cellOf(150), 3))).toHaveLength(HOTSPOTS);
  });

  test('counts', async () => {
    const now = TIMING.genesisMs + EPOCHS * TIMING.epochMs;
    expect(await countParticipants(database.db, LAST_ROUND, now - TIMING.roundMs * 2)).toEqual({
      hotspots: HOTSPOTS,
      hotspotsActive: HOTSPOTS,
      surveyDevices: 1,
    });
    expect((await countParticipants(database.db, LAST_ROUND, now + TIMING.epochMs)).hotspotsActive).toBe(0);
  });
});

describe('verdicts', () => {
  test('pages are newest first and complete, with what the link measured', async () => {
    const key = keyOf(2);
    const found: VerdictRow[] = [];
    for (let before: VerdictRow['cursor'] | undefined; ; ) {
      const page = await listVerdicts(database.db, {
        key,
        role: 'either',
        limit: 7,
        ...(before === undefined ? {} : { before }),
      });
      found.push(...page);
      before = page.at(-1)?.cursor;
      if (before === undefined) break;
    }
    const wanted = allVerdicts().filter(
      ({ reporter, sender }) => hex(reporter) === hex(key) || (sender && hex(sender) === hex(key)),
    );
    expect(found).toHaveLength(wanted.length);
    expect(new Set(found.map(({ reportId }) => hex(reportId)))).toEqual(
      new Set(wanted.map(({ reportId }) => hex(reportId))),
    );
    expect(found.map(({ atMs }) => atMs)).toEqual(found.map(({ atMs }) => atMs).toSorted((a, b) => b - a));
    for (const { link, subject, outcome, final, epoch, reportId } of found) {
      const expected = allLinks().find((each) => hex(each.reportId) === hex(reportId));
      expect(link).toEqual(expected && { cell: expected.cell, espDdbm: expected.espDdbm, snrDdb: expected.snrDdb });
      expect(link !== undefined).toBe(subject === 'witness' && outcome === 'valid');
      expect(final).toBe(epoch < CLOSED);
    }
  });

  test('one verdict, in full', async () => {
    const [wanted] = allVerdicts().filter(({ outcome }) => outcome === 'invalid');
    if (wanted === undefined) throw new Error('no verdict');
    const found = await findVerdict(database.db, wanted.reportId);
    expect(found).toMatchObject({
      subject: wanted.subject,
      round: wanted.round,
      outcome: 'invalid',
      reason: 'too_loud',
      checks: wanted.checks,
      reporter: Buffer.from(wanted.reporter),
    });
    expect(await findVerdict(database.db, bytes('no such report'))).toBeUndefined();
  });

  test('counts, closed and running epochs together', async () => {
    const of = (subject: Verdict['subject'], from: number) => {
      const mine = allVerdicts().filter(
        (verdict) =>
          verdict.subject === subject && hex(verdict.reporter) === hex(keyOf(6)) && verdict.round >= from * ROUNDS,
      );
      const count = (outcome: string): number => mine.filter((verdict) => verdict.outcome === outcome).length;
      return { valid: count('valid'), invalid: count('invalid'), insufficient: count('insufficient') };
    };
    for (const from of [0, 1, CLOSED]) {
      const counts = await countOutcomes(database.db, keyOf(6), from);
      expect(counts.beacon).toEqual(of('beacon', from));
      expect(counts.witness).toEqual(of('witness', from));
      expect(counts.survey).toEqual({ valid: 0, invalid: 0, insufficient: 0 });
    }
    const heard = await countHeardBy(database.db, keyOf(6), 7);
    expect(heard.valid + heard.invalid).toBe(3);
  });
});

describe('coverage', () => {
  const read = async (window: CoverageWindow): Promise<CoverageRow[]> => {
    const rows: CoverageRow[] = [];
    for await (const chunk of streamCoverage(database.db, window)) rows.push(...chunk);
    return rows;
  };
  const wanted = (inWindow: (epoch: number) => boolean) => {
    const cells = new Map<bigint, { links: number; witnesses: Set<string>; best: number; least: number }>();
    for (const { cell, witness, espDdbm, epoch } of allLinks()) {
      if (!inWindow(epoch)) continue;
      const known = cells.get(cell) ?? { links: 0, witnesses: new Set(), best: -9_999, least: 9_999 };
      known.links++;
      known.witnesses.add(hex(witness));
      known.best = Math.max(known.best, espDdbm);
      known.least = Math.min(known.least, espDdbm);
      cells.set(cell, known);
    }
    return [...cells]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([cell, { links, witnesses, best, least }]) => ({ cell, links, witnesses: witnesses.size, best, least }));
  };
  const shape = (rows: readonly CoverageRow[]) =>
    rows.map(({ cell, links, witnesses, bestEspDdbm, leastEspDdbm }) => ({
      cell,
      links,
      witnesses,
      best: bestEspDdbm,
      least: leastEspDdbm,
    }));

  test('an epoch’s cells, and all of them live, ascending and exact', async () => {
    for (let epoch = 0; epoch < EPOCHS; epoch++) {
      expect(shape(await read({ epoch }))).toEqual(wanted((each) => each === epoch));
    }
    expect(shape(await read(live))).toEqual(wanted(() => true));
    expect(shape(await read({ fromEpoch: 1 }))).toEqual(wanted((each) => each >= 1));
    expect(await read({ epoch: 77 })).toEqual([]);
    const [first, second] = await read(live);
    if (first === undefined || second === undefined) throw new Error('no coverage');
    expect(await findCoverage(database.db, live, [second.cell, first.cell, 5n])).toEqual([first, second]);
    expect(await countHexes(database.db, live)).toEqual({ covered: wanted(() => true).length, surveyedNotCovered: 0 });
  });

  test('a coarse hexagon sums up its cells; who hears it comes best first', async () => {
    const city = parent(cellOf(0), 2);
    const links = allLinks();
    expect(await getHex(database.db, live, city)).toMatchObject({
      covered: HOTSPOTS,
      surveyedNotCovered: 0,
      links: links.length,
      witnesses: HOTSPOTS,
      bestEspDdbm: Math.max(...links.map(({ espDdbm }) => espDdbm)),
    });
    const heard = await listCellWitnesses(database.db, live, city, 50);
    expect(heard.map(({ bestEspDdbm }) => bestEspDdbm)).toEqual(
      heard.map(({ bestEspDdbm }) => bestEspDdbm).toSorted((a, b) => b - a),
    );
    expect(heard.reduce((sum, row) => sum + row.links, 0)).toBe(links.length);
    const empty = await getHex(database.db, live, cellOf(300));
    expect(empty).toEqual({ covered: 0, surveyedNotCovered: 0, links: 0, witnesses: 0, surveyTransmissions: 0 });
  });

  test('a hotspot’s footprint', async () => {
    const mine = allLinks().filter(({ witness }) => hex(witness) === hex(keyOf(7)));
    const rows = await listFootprint(database.db, live, keyOf(7));
    expect(rows.map(({ cell }) => cell)).toEqual(
      [...new Set(mine.map(({ cell }) => cell))].toSorted((a, b) => (a < b ? -1 : 1)),
    );
    expect(rows.reduce((sum, { links }) => sum + links, 0)).toBe(mine.length);
  });
});

describe('epochs and rewards', () => {
  test('pages, newest first', async () => {
    expect((await listEpochs(database.db, { limit: 1 })).map(({ epoch }) => epoch)).toEqual([1]);
    expect((await listEpochs(database.db, { before: 1, limit: 9 })).map(({ epoch }) => epoch)).toEqual([0]);
    expect((await findLatestEpoch(database.db))?.epoch).toBe(1);
    expect(await findEpoch(database.db, 2)).toBeUndefined();
  });

  test('an epoch in full', async () => {
    const result = sample.closed[1];
    const found = await findEpoch(database.db, 1);
    if (result === undefined || found === undefined) throw new Error('no epoch');
    const invalid = [...result.verdicts].filter(({ outcome }) => outcome === 'invalid').length;
    expect(found).toMatchObject({
      total: result.summary.total,
      unminted: 17n,
      covered: result.coverage.length,
      outcomes: { valid: result.verdicts.length - invalid, invalid, insufficient: 0 },
      hotspotsPaid: result.rewards.filter(({ held }) => !held).length,
    });
    expect(JSON.parse(found.summaryJson)).toMatchObject({ epoch: '1', roots: result.summary.roots });
    expect(await countReasons(database.db, 1)).toEqual({ too_loud: invalid });
    const byClass = await sumByClass(database.db, 1);
    expect((byClass.beaconer ?? 0n) + (byClass.witness ?? 0n)).toBe(result.summary.total);
  });

  test('what a key got, and what an owner has', async () => {
    const rewards = await listRewards(database.db, { key: keyOf(1), limit: 10 });
    expect(rewards.map(({ epoch, lines }) => [epoch, lines.length])).toEqual([
      [1, 1],
      [0, 1],
    ]);
    const amounts = rewards.flatMap(({ lines }) => lines.map(({ amount }) => amount));
    expect(rewards.map(({ release }) => release)).toEqual([{ amount: 7n }, undefined]);
    expect(await sumRewards(database.db, keyOf(1))).toEqual({ paid: amounts.reduce((a, b) => a + b) + 7n, held: 0n });
    // What still waits after the newest epoch, not all that ever did.
    expect((await sumRewards(database.db, keyOf(9))).held).toBe(5n * 10n ** 17n);
    expect((await listRewards(database.db, { key: bytes('stranger'), limit: 10 })).map(({ lines }) => lines)).toEqual([
      [],
      [],
    ]);
    const owner = bytes('owner 2', 20);
    expect((await findOwnerTotal(database.db, owner, 9))?.epoch).toBe(1);
    expect((await findOwnerTotal(database.db, owner, 0))?.cumulative).toBe(10n ** 18n * 3n);
    expect(await findOwnerTotal(database.db, bytes('nobody', 20), 9)).toBeUndefined();
  });
});

test('refusals add up by hour', async () => {
  const at = TIMING.genesisMs + 61_000;
  await addRefusals(database.db, { rate: 3, unknown_key: 1, none: 0 }, at);
  await addRefusals(database.db, { rate: 2 }, at + 60_000);
  await addRefusals(database.db, { rate: 9 }, at + 3_600_000);
  const hourMs = TIMING.genesisMs;
  expect(await listRefusals(database.db, hourMs)).toEqual([
    { hourMs, reason: 'rate', count: 5 },
    { hourMs, reason: 'unknown_key', count: 1 },
    { hourMs: hourMs + 3_600_000, reason: 'rate', count: 9 },
  ]);
});
