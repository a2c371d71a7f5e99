import { type Database, findLocation } from '@sextant/oracle/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { project, startTestServer, type TestServer } from './database-harness.ts';
import { DOUBTED } from './sample-locations.ts';
import { bytes, cellOf, GrowingLog, keyOf, makeSample } from './sample-network.ts';

const HOTSPOTS = 12;
const CLOSED = 2;

let server: TestServer;
let database: Database;

beforeAll(async () => {
  server = await startTestServer();
  ({ database } = await server.fresh());
  const { entries, closed } = makeSample(HOTSPOTS, CLOSED);
  await project(database, new GrowingLog(entries), closed);
});
afterAll(async () => server.close());

describe('places', () => {
  test('what an epoch said about one, with every number; the newest closed epoch without one named', async () => {
    const { db } = database;
    const newest = await findLocation(db, keyOf(DOUBTED));
    expect(newest).toEqual(await findLocation(db, keyOf(DOUBTED), CLOSED - 1));
    expect(newest).toMatchObject({
      epoch: CLOSED - 1,
      cell: cellOf(DOUBTED),
      outcome: 'insufficient',
      reason: 'location_doubted',
      gapMicronats: 9_400_000,
      likeliestCell: cellOf(HOTSPOTS - 2),
      region: [cellOf(HOTSPOTS - 2)],
      witnesses: 5,
      witnessTrust: 50_000 - 0 - 2 - 3 - 4 - 5,
      trust: 4_000,
      doubtfulEpochs: 3,
      law: { lossAtKmDdb: 1_280, exponentPercent: 240, sigmaDdb: 90 },
      accusations: [
        {
          code: 'location_refuted',
          epochs: 3,
          appeal: { epoch: CLOSED - 1, ruling: { ruling: 'dismissed', epoch: CLOSED - 1 } },
        },
      ],
    });
    expect(newest?.checks).toEqual([
      { check: 'likelihood_gap', observed: 9_400_000, limit: 6_900_000, margin: -2_500_000, unit: 'micronat' },
    ]);
    expect(newest?.links[0]).toEqual({
      key: Buffer.from(keyOf(0)).toString('hex'),
      cell: cellOf(0).toString(16),
      kind: 'sent',
      lossDdb: 1_100,
      expectedLossDdb: 1_200,
      weight: 10_000,
      againstMicronats: 1_000_000,
    });
  });

  test('no law where none was known', async () => {
    expect(await findLocation(database.db, keyOf(0))).not.toHaveProperty('law');
  });

  test('nothing about an epoch that has not closed, a stranger, or a hotspot without a place', async () => {
    const { db } = database;
    expect(await findLocation(db, keyOf(DOUBTED), CLOSED)).toBeUndefined();
    expect(await findLocation(db, bytes('stranger'))).toBeUndefined();
    expect(await findLocation(db, keyOf(HOTSPOTS - 1))).toBeUndefined();
  });
});
