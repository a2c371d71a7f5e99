import {
  type ClosedEpoch,
  findHotspot,
  listEpochRewards,
  listOwned,
  listRewards,
  sumGrace,
  sumOwnerLines,
  sumRewards,
} from '@sextant/oracle/store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { project, startTestServer, type TestServer } from './database-harness.ts';
import { bytes, GrowingLog, keyOf, makeSample } from './sample-network.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => server.close());

/** A round in which every place of the sample is in force. */
const ROUND = 12;

it('owners and payees are whom closed epochs name, whatever the invitation said', async () => {
  const sample = makeSample(4, 2);
  const [buyer, purse] = [bytes('buyer', 20), bytes('purse', 20)];
  const unseen = bytes('a key nobody invited');
  const [first, second] = sample.closed as [ClosedEpoch, ClosedEpoch];
  const sold: ClosedEpoch = {
    ...second,
    rewards: second.rewards.map((line, i) => (i === 0 ? { ...line, paidTo: purse } : line)),
    releases: [{ key: keyOf(0), amount: 40n, paidTo: purse }],
    keys: {
      owned: [
        { key: keyOf(0), kind: 'hotspot', owner: buyer },
        { key: unseen, kind: 'hotspot', owner: buyer },
      ],
      gone: [keyOf(1)],
    },
  };
  const { database } = await server.fresh();
  await project(database, new GrowingLog(sample.entries), [first, sold]);
  const owners = await database.db.selectFrom('participants').select(['key', 'owner', 'name']).execute();
  const ownerOf = (key: Uint8Array): Buffer | undefined =>
    owners.find((row) => Buffer.from(key).equals(row.key))?.owner as Buffer | undefined;
  expect(ownerOf(keyOf(0))?.equals(buyer)).toBe(true);
  expect(ownerOf(unseen)?.equals(buyer)).toBe(true);
  expect(ownerOf(keyOf(1))?.equals(buyer)).toBe(false);
  expect(Buffer.from((await findHotspot(database.db, keyOf(0), ROUND))?.owner ?? []).equals(buyer)).toBe(true);

  const before = first.rewards.find(({ key }) => Buffer.from(key).equals(keyOf(0)))?.amount ?? 0n;
  const now = second.rewards.find(({ key }) => Buffer.from(key).equals(keyOf(0)))?.amount ?? 0n;
  expect(await sumRewards(database.db, keyOf(0))).toEqual({ paid: before + now + 40n, held: 0n });
  const [newest, oldest] = await listRewards(database.db, { key: keyOf(0), limit: 2 });
  expect([newest?.release?.amount, oldest?.release]).toEqual([40n, undefined]);

  const lines = await listEpochRewards(database.db, second.summary.epoch);
  expect(lines.map(({ paidTo }) => paidTo && Buffer.from(paidTo).equals(purse))).toEqual([true, ...Array(3)]);

  const keys = [keyOf(0), keyOf(1)];
  const [from, to] = [first.summary.epoch, second.summary.epoch];
  expect((await listOwned(database.db, { owner: purse, limit: 9 })).map(({ key }) => Buffer.from(key))).toEqual([
    Buffer.from(keyOf(0)),
  ]);
  const range = { owner: purse, keys, from, to };
  expect((await sumOwnerLines(database.db, range)).map(({ amount, epochs }) => [amount, epochs])).toEqual([[now, 1]]);
  expect([...(await sumGrace(database.db, range)).values()]).toEqual([{ released: 40n, held: 0n }]);
  expect(await sumOwnerLines(database.db, { ...range, to: from })).toEqual([]);
  // The epoch that named nobody pays whose the key is now.
  expect((await sumOwnerLines(database.db, { ...range, owner: buyer })).map(({ amount }) => amount)).toEqual([before]);
});
