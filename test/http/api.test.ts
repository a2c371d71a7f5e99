import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { verifyOwnerProof } from '@sextant/contracts-client/encoding';
import {
  bytesToHex,
  formatId,
  hexToBytes,
  leafHash,
  nameOfKey,
  parseCheckpoint,
  verifyInclusion,
} from '@sextant/firmware-bridge/protocol';
import type {
  EpochListItem,
  EpochProofView,
  EpochView,
  HexView,
  HotspotSummary,
  HotspotView,
  LocationView,
  LogProofView,
  NetworkView,
  OwnerProofView,
  OwnerRewardView,
  OwnerView,
  Page,
  Problem,
  VerdictView,
} from '@sextant/oracle/api';
import { cellToLatLng, cellToParent } from 'h3-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../store/database-harness.ts';
import { DOUBTED } from '../store/sample-locations.ts';
import { bytes, cellOf, keyOf, NETWORK_ID, surveyKey, TIMING } from '../store/sample-network.ts';
import { CLOSED, HOTSPOTS, type SeededOracle, startSeededOracle } from './seeded-oracle.ts';
import { hexText, idOf, ownerText, questionsTo } from './seeded-questions.ts';

let databases: TestServer;
let oracle: SeededOracle;

beforeAll(async () => {
  databases = await startTestServer();
  oracle = await startSeededOracle(databases);
});
afterAll(async () => {
  await oracle.close();
  await databases.close();
});

const { ask, getJson, getAll } = questionsTo(() => oracle);
const verdictsOf = (epoch: number) => [...(oracle.closed[epoch]?.verdicts ?? [])];
const finalVerdict = () => {
  const [verdict] = [...verdictsOf(0)].filter(({ outcome }) => outcome === 'invalid');
  if (verdict === undefined) throw new Error('no verdict');
  return verdict;
};

describe('what the API says', () => {
  test('the network', async () => {
    const network = await getJson<NetworkView>('/api/v1/network');
    expect(network).toMatchObject({
      networkId: NETWORK_ID,
      timing: TIMING,
      serverTimeMs: oracle.clock.now(),
      round: { index: 17, state: 'certified' },
      epoch: CLOSED,
      latestClosedEpoch: CLOSED - 1,
      hotspots: HOTSPOTS,
      hotspotsActive: HOTSPOTS,
      surveyDevices: 1,
      hexes: { covered: HOTSPOTS, surveyedNotCovered: 0 },
    });
    const [west, south, east, north] = network.bounds ?? [0, 0, 0, 0];
    for (let i = 0; i < HOTSPOTS; i++) {
      const [lat, lng] = cellToLatLng(hexText(cellOf(i)));
      expect(west < lng && lng < east && south < lat && lat < north).toBe(true);
    }
    expect(east - west).toBeLessThan(0.3);
  });

  test('pages of hotspots hold each one once; a box only those that touch it', async () => {
    const found = await getAll<HotspotSummary>('/api/v1/hotspots?limit=5', 'after');
    const ids = Array.from({ length: HOTSPOTS }, (_, i) => idOf(i));
    expect(found.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    const inBox = async (box: readonly number[]): Promise<string[]> =>
      (await getJson<Page<HotspotSummary>>(`/api/v1/hotspots?bbox=${box.join()}`)).items.map(({ id }) => id);
    expect(await inBox([-180, -90, 180, 90])).toHaveLength(HOTSPOTS);
    expect(await inBox([16, 49, 17, 50])).toHaveLength(HOTSPOTS);
    // Across the antimeridian, once without and once with Brno on the way round.
    expect(await inBox([170, 40, -170, 60])).toEqual([]);
    expect(await inBox([170, 40, 20, 60])).toHaveLength(HOTSPOTS);
    // Deep inside one hexagon: its centre is not in the box, and yet it fills it.
    const [lat, lng] = cellToLatLng(hexText(cellOf(4)));
    const deep = await inBox([lng + 0.0008, lat + 0.0001, lng + 0.001, lat + 0.0002]);
    expect(deep).toContain(idOf(4));
    expect(deep.length).toBeLessThan(5);
  });

  test('a hotspot, its verdicts and rewards', async () => {
    const key = keyOf(6);
    const view = await getJson<HotspotView>(`/api/v1/hotspots/${idOf(6)}`);
    expect(view).toMatchObject({
      name: nameOfKey(key),
      cell: hexText(cellOf(6)),
      status: 'active',
      owner: ownerText(6),
      assertion: { number: 1, antennaAglM: 12, altitudeMslM: 300, antennaGainDdbi: 30, regionPlan: 'EU868' },
      beacons: { valid: 18, invalid: 0, insufficient: 0 },
      held: '0',
    });
    expect(view.witnessReports.valid + view.witnessReports.invalid).toBe(54);
    expect(view.outcomes.valid + view.outcomes.invalid).toBe(48);
    expect(BigInt(view.paid)).toBe(2n * 3n * 10n ** 18n + 1n);
    const items = await getAll<VerdictView>(`/api/v1/hotspots/${idOf(6)}/verdicts?limit=10`, 'before');
    const mine = oracle.sample.provisional.flatMap(({ verdicts }) =>
      verdicts.filter(({ reporter }) => Buffer.from(reporter).equals(Buffer.from(key))),
    );
    expect(items.map(({ reportId }) => reportId).toSorted()).toEqual(
      mine.map(({ reportId }) => bytesToHex(reportId)).toSorted(),
    );
    expect(new Set(items.map(({ epoch, final }) => `${epoch} ${final}`))).toEqual(
      new Set(['0 true', '1 true', '2 false']),
    );
    const [beacon] = items.filter(({ subject }) => subject === 'beacon');
    const heardBy = beacon?.heardBy ?? { valid: 0, invalid: 0, insufficient: 0 };
    expect(heardBy.valid + heardBy.invalid).toBe(3);
  });

  test('whether it is where it says, in the newest epoch or an earlier one', async () => {
    const view = await getJson<LocationView>(`/api/v1/hotspots/${idOf(DOUBTED)}/location`);
    expect(view).toMatchObject({
      hotspot: { id: idOf(DOUBTED), name: nameOfKey(keyOf(DOUBTED)) },
      epoch: CLOSED - 1,
      cell: hexText(cellOf(DOUBTED)),
      outcome: 'insufficient',
      reason: 'location_doubted',
      gapMicronats: 9_400_000,
      likeliest: { cell: hexText(cellOf(HOTSPOTS - 2)) },
      witnesses: 5,
      trust: 4_000,
      doubtfulEpochs: 3,
      law: { lossAtKmDdb: 1_280, exponentPercent: 240, sigmaDdb: 90 },
      accusations: [
        {
          code: 'location_refuted',
          accused: false,
          strength: 0,
          endsEpoch: CLOSED - 1 + 40,
          appeal: { epoch: CLOSED - 1, lastReviewEpoch: CLOSED + 6, ruling: 'dismissed', ruledEpoch: CLOSED - 1 },
        },
      ],
    });
    expect(view.region.map(({ boundary }) => boundary.length)).toEqual([6]);
    expect(view.links[0]).toMatchObject({ other: { id: idOf(0) }, kind: 'sent', residualDdb: 100, weight: 10_000 });
    expect(view.links.map(({ residualDdb }) => residualDdb)).toEqual([100, 40, -20, -80, -140]);
    const earlier = await ask(`/api/v1/hotspots/${idOf(DOUBTED)}/location?epoch=0`);
    expect(earlier.json<LocationView>()).toMatchObject({ epoch: 0 });
    const summary = await ask('/api/v1/epochs/0');
    expect(earlier.headers['sextant-summary-hash']).toBe(summary.headers['sextant-summary-hash']);
    const hotspot = await getJson<HotspotView>(`/api/v1/hotspots/${idOf(DOUBTED)}`);
    expect(hotspot.location).toEqual({ outcome: 'insufficient', reason: 'location_doubted', trust: 4_000 });
  });

  test('a place nobody has judged is no mistake of the asker, and is told apart from an epoch that is not there', async () => {
    const code = async (query: string, index: number): Promise<string> =>
      (await ask(`/api/v1/hotspots/${idOf(index)}/location${query}`)).json<Problem>().code;
    expect(await code('', HOTSPOTS - 1)).toBe('no_location_verdict');
    expect(await code('?epoch=0', HOTSPOTS - 1)).toBe('no_location_verdict');
    expect(await code('?epoch=9', DOUBTED)).toBe('unknown_epoch');
    expect(await getJson<HotspotView>(`/api/v1/hotspots/${idOf(HOTSPOTS - 1)}`)).not.toHaveProperty('location');
  });

  test('an owner: what is his, what he earned beyond what he claimed, and by what', async () => {
    // Every epoch pays each hotspot and each owner 3 tokens and a unit; hotspots 0 and 7 and the survey device are owner 0's.
    const amount = 3n * 10n ** 18n;
    const owner = ownerText(0);
    const total = BigInt((await getJson<OwnerProofView>(`/api/v1/epochs/1/owners/${owner}`)).cumulative);
    const all = await getJson<OwnerView>(`/api/v1/owners/${owner}`);
    expect(all).toEqual({
      owner,
      participants: 3,
      epoch: 1,
      earned: String(total),
      unclaimed: String(total),
      fromEpoch: 0,
    });
    const first = (await getJson<OwnerProofView>(`/api/v1/epochs/0/owners/${owner}`)).cumulative;
    const rest = await getJson<OwnerView>(`/api/v1/owners/${owner}?claimed=${first}`);
    expect(rest).toMatchObject({ unclaimed: String(total - BigInt(first)), fromEpoch: 1 });
    expect(await getJson<OwnerView>(`/api/v1/owners/${owner}?claimed=${total + 1n}`)).toEqual({
      owner,
      participants: 3,
      epoch: 1,
      earned: String(total),
      unclaimed: '0',
    });
    const found = await getAll<OwnerRewardView>(`/api/v1/owners/${owner}/rewards?from=1&to=1&limit=1`, 'after');
    const survey = formatId('survey_device', surveyKey);
    expect(found.map(({ id }) => id).toSorted()).toEqual([idOf(0), idOf(7), survey].toSorted());
    const byId = new Map(found.map((each) => [each.id, each]));
    expect(byId.get(survey)).toMatchObject({ kind: 'survey_device', paid: '0', held: '0', lines: [] });
    const line = { held: false, epochs: 1, count: 4 };
    expect(BigInt(byId.get(idOf(0))?.paid ?? 0)).toBeGreaterThanOrEqual(amount);
    expect(byId.get(idOf(0))?.lines).toMatchObject([{ ...line, rewardClass: 'beaconer' }]);
    expect(byId.get(idOf(7))?.lines).toMatchObject([{ ...line, rewardClass: 'witness' }]);
    const both = await getJson<Page<OwnerRewardView>>(`/api/v1/owners/${owner}/rewards`);
    const hotspot = both.items.find(({ id }) => id === idOf(7));
    const shown = await getJson<HotspotView>(`/api/v1/hotspots/${idOf(7)}`);
    expect(hotspot).toMatchObject({ paid: shown.paid, lines: [{ epochs: 2, count: 8 }] });
    const holding = await getJson<Page<OwnerRewardView>>(`/api/v1/owners/${ownerText(9 % 7)}/rewards`);
    const { held } = await getJson<HotspotView>(`/api/v1/hotspots/${idOf(9)}`);
    expect(BigInt(held)).toBeGreaterThan(0n);
    expect(holding.items.find(({ id }) => id === idOf(9))).toMatchObject({ paid: '0', held, lines: [{ held: true }] });
  });

  test('a hexagon, coarse and fine, live and in an epoch', async () => {
    const fine = await getJson<HexView>(`/api/v1/hexes/${hexText(cellOf(2))}`);
    const distances = fine.heardBy.map(({ distanceM }) => distanceM);
    // Hotspots 3, 4 and 5 hear hotspot 2; they stand about 364 m apart in a row.
    expect(fine.heardBy.map(({ id }) => id).toSorted()).toEqual([idOf(3), idOf(4), idOf(5)].toSorted());
    expect(Math.min(...distances)).toBeGreaterThan(200);
    expect(Math.max(...distances)).toBeLessThan(1_400);
    expect(fine).toMatchObject({ state: 'covered', resolution: 9, witnesses: 3, cells: { covered: 1 } });
    const coarse = await getJson<HexView>(`/api/v1/hexes/${cellToParent(hexText(cellOf(2)), 3)}?epoch=1`);
    expect(coarse).toMatchObject({ epoch: 1, resolution: 3, cells: { covered: HOTSPOTS, surveyedNotCovered: 0 } });
    expect(coarse.links).toBe(oracle.closed[1]?.links.length);
    expect(await getJson<HexView>(`/api/v1/hexes/${hexText(cellOf(299))}`)).toMatchObject({
      state: 'unknown',
      links: 0,
    });
  });

  test('everything about a closed epoch names one snapshot', async () => {
    const { summaryHash } = await getJson<EpochView>('/api/v1/epochs/1');
    expect(summaryHash).toBe(bytesToHex(oracle.closed[1]?.summaryHash ?? new Uint8Array()));
    const urls = [
      '/api/v1/epochs/1',
      '/api/v1/epochs/1/summary',
      `/api/v1/epochs/1/proof?reward=${idOf(1)}`,
      `/api/v1/epochs/1/owners/${ownerText(1)}`,
      `/api/v1/hexes/${hexText(cellOf(2))}?epoch=1`,
      '/tiles/1/tiles.json',
      '/tiles/1/0/0/0.mvt',
      '/tiles/1/8/0/0.mvt',
    ];
    for (const url of urls) {
      expect([url, (await ask(url)).headers['sextant-summary-hash']]).toEqual([url, summaryHash]);
    }
    expect((await ask(`/api/v1/hexes/${hexText(cellOf(2))}`)).headers['sextant-summary-hash']).toBeUndefined();
  });

  test('epochs, newest first, and what the last one says about itself', async () => {
    const first = await getJson<Page<EpochListItem>>('/api/v1/epochs?limit=1');
    expect(first).toMatchObject({ items: [{ epoch: 1 }], next: '1' });
    const second = await getJson<Page<EpochListItem>>(`/api/v1/epochs?before=${first.next}`);
    expect(second.items.map(({ epoch }) => epoch)).toEqual([0]);
    expect(second.next).toBeUndefined();
    const view = await getJson<EpochView>('/api/v1/epochs/1');
    const invalid = [...verdictsOf(1)].filter(({ outcome }) => outcome === 'invalid').length;
    expect(view).toMatchObject({ voidRounds: [8], byReason: { too_loud: invalid }, unminted: '17' });
    const byClass = Object.values(view.byClass).reduce((sum, amount) => sum + BigInt(amount), 0n);
    expect(byClass).toBe(BigInt(view.total));
    const held = oracle.closed[view.epoch]?.rewards.filter((line) => line.held) ?? [];
    expect(held).not.toEqual([]);
    expect(view.held).toBe(String(held.reduce((sum, { amount }) => sum + amount, 0n)));
  });
});

describe('what a stranger can check', () => {
  const roots = async (epoch: number): Promise<{ roots: Record<string, string>; hash: string }> => {
    const { rawPayload } = await ask(`/api/v1/epochs/${epoch}/summary`);
    const hash = createHash('sha256').update(rawPayload).digest('hex');
    return { roots: (JSON.parse(rawPayload.toString()) as { roots: Record<string, string> }).roots, hash };
  };
  const holds = (proof: EpochProofView): boolean =>
    proof.leaves.every(({ leaf, leafIndex, path }) =>
      verifyInclusion(
        { leafIndex, treeSize: proof.treeSize, leafHash: leafHash(hexToBytes(leaf)), root: hexToBytes(proof.rootHash) },
        path.map(hexToBytes),
      ),
    );

  test('a verdict: leaf, path, root, summary, hash', async () => {
    const verdict = finalVerdict();
    const proof = await getJson<EpochProofView>(`/api/v1/epochs/0/proof?verdict=${bytesToHex(verdict.reportId)}`);
    const summary = await roots(0);
    expect(summary.hash).toBe(proof.summaryHash);
    expect(summary.roots['verdicts']).toBe(proof.rootHash);
    expect(proof.leaves).toHaveLength(1);
    expect(holds(proof)).toBe(true);
    expect(JSON.parse(Buffer.from(proof.leaves[0]?.leaf ?? '', 'hex').toString())).toMatchObject({
      reportId: bytesToHex(verdict.reportId),
      outcome: 'invalid',
      reason: 'too_loud',
      checks: verdict.checks,
    });
  });

  test('the rewards of a key', async () => {
    const proof = await getJson<EpochProofView>(`/api/v1/epochs/1/proof?reward=${idOf(5)}`);
    expect((await roots(1)).roots['rewards']).toBe(proof.rootHash);
    expect(holds(proof)).toBe(true);
    const [leaf] = proof.leaves.map((each) => JSON.parse(Buffer.from(each.leaf, 'hex').toString()) as object);
    expect(leaf).toMatchObject({ key: bytesToHex(keyOf(5)), amount: '3000000000000000001' });
  });

  test('what an owner can claim', async () => {
    const proof = await getJson<OwnerProofView>(`/api/v1/epochs/1/owners/${ownerText(2)}`);
    expect((await roots(1)).roots['owners']).toBe(proof.rootHash);
    const claim = { owner: bytes('owner 2', 20), cumulative: BigInt(proof.cumulative) };
    expect(verifyOwnerProof(hexToBytes(proof.rootHash), claim, proof.path.map(hexToBytes))).toBe(true);
    const more = { ...claim, cumulative: claim.cumulative + 1n };
    expect(verifyOwnerProof(hexToBytes(proof.rootHash), more, proof.path.map(hexToBytes))).toBe(false);
  });

  test('an entry of the log', async () => {
    for (const leaf of [0, 255, 256, oracle.ledger.size - 1]) {
      const proof = await getJson<LogProofView>(`/log/proof?leaf=${leaf}`);
      const { treeSize, rootHash, path, checkpoint } = proof;
      const said = parseCheckpoint(checkpoint.split('\n\n')[0] + '\n');
      expect(said).toMatchObject({ ok: true, checkpoint: { origin: proof.origin, size: treeSize } });
      const entry = await oracle.ledger.readEntry(leaf);
      const claim = { leafIndex: leaf, treeSize, leafHash: leafHash(entry), root: hexToBytes(rootHash) };
      expect(proof.leafHash).toBe(bytesToHex(claim.leafHash));
      expect(verifyInclusion(claim, path.map(hexToBytes))).toBe(true);
    }
  });

  test('rows that no longer give the root prove nothing', async () => {
    const { db } = oracle.database;
    const row = await db
      .selectFrom('reward_lines')
      .selectAll()
      .where('epoch', '=', 0)
      .where('ordinal', '=', 2)
      .executeTakeFirstOrThrow();
    await db
      .updateTable('reward_lines')
      .set({ amount: row.amount + 1n })
      .where('epoch', '=', 0)
      .where('ordinal', '=', 2)
      .execute();
    const answer = await ask(`/api/v1/epochs/0/proof?reward=${idOf(5)}`);
    expect([answer.statusCode, answer.json<Problem>().code]).toEqual([410, 'proof_gone']);
    await db
      .updateTable('reward_lines')
      .set({ amount: row.amount })
      .where('epoch', '=', 0)
      .where('ordinal', '=', 2)
      .execute();
  });
});

describe('tiles', () => {
  test('stored gzip, or unpacked for those who do not read it; known ones are not sent again', async () => {
    const packed = await ask('/tiles/live/0/0/0.mvt', { 'accept-encoding': 'br, gzip' });
    const plain = await ask('/tiles/live/0/0/0.mvt', { 'accept-encoding': 'gzip;q=0, identity' });
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.rawPayload).toEqual(gunzipSync(packed.rawPayload));
    const etag = String(packed.headers.etag);
    const again = await ask('/tiles/live/0/0/0.mvt', { 'if-none-match': `"other", W/${etag}` });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    expect(packed.headers['cache-control']).toBe('public, no-cache');
    expect((await ask('/tiles/0/0/0/0.mvt')).headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect((await ask('/tiles/0/5/0/0.mvt')).statusCode).toBe(204);
  });
});

describe('the log’s files', () => {
  test('are exactly those on the disk, and nothing else of the folder is', async () => {
    const checkpoint = await ask('/log/checkpoint');
    expect(checkpoint.headers['cache-control']).toBe('public, max-age=1');
    const tile = await ask('/log/tile/0/000');
    expect(tile.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const hashes = Buffer.alloc(256 * 32);
    for (let i = 0; i < 256; i++) Buffer.from(leafHash(await oracle.ledger.readEntry(i))).copy(hashes, 32 * i);
    expect(tile.rawPayload).toEqual(hashes);
    for (const path of [
      'tile/0/000/../../../x',
      'tile/0/00',
      'tile/64/000',
      'tile/0/000.p/256',
      'lock',
      'segments',
      'tile/0/x00/000',
    ]) {
      const answer = await ask(`/log/${path}`);
      expect([path, answer.statusCode]).toEqual([path, 404]);
    }
  });
});
