import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock } from '@sextant/firmware-bridge/clock';
import { createSeedSigner } from '@sextant/firmware-bridge/native-ed25519';
import { formatId, type Genesis, type UnixMs } from '@sextant/firmware-bridge/protocol';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEMO_TIMING, ruleSet2 } from '../core/index.ts';
import { openEpochArchive } from '../judge/epoch-archive.ts';
import { createGrantDesk } from '../validator/grant-desk.ts';
import { createOwnRecords } from '../validator/own-records.ts';
import { createParticipants } from '../validator/participants.ts';
import { createRecordSigner } from '../validator/record-signer.ts';
import { createReviewDesk } from '../validator/review-desk.ts';
import { askOperator } from './ask-operator.ts';
import { OperatorDesk } from './operator-desk.ts';
import { doorFile, type OpenedDoor, type OperatorDoor, openOperatorDoor } from './operator-door.ts';

const timing = { ...DEMO_TIMING, genesisMs: 1_790_000_000_000 as UnixMs };
const ruleSet = ruleSet2(DEMO_TIMING);
const signer = createSeedSigner(new Uint8Array(32).fill(1));
const genesis: Genesis = {
  kind: 'genesis',
  networkId: 'test-net',
  ruleSet: 2,
  ruleSetId: ruleSet.id,
  timing,
  validators: [{ logKey: signer.publicKey, chainAnchor: new Uint8Array(32), firstRound: 0, owner: new Uint8Array(20) }],
};
const key = createSeedSigner(new Uint8Array(32).fill(2)).publicKey;
const id = formatId('hotspot', key);

let folder: string;
let door: OpenedDoor;
let written: Uint8Array[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'operator-'));
  written = [];
  const append = async (entry: Uint8Array): Promise<void> => void written.push(entry);
  const participants = createParticipants('test-net');
  participants.add({ key, kind: 'hotspot', owner: new Uint8Array(20).fill(7) });
  const clock = createManualClock((timing.genesisMs + 1) as UnixMs);
  const modules = {
    participants,
    ownRecords: createOwnRecords(),
    log: { append, appendRecord: append },
    sign: createRecordSigner('test-net', signer),
    clock,
  };
  const validator = {
    ...modules,
    grantDesk: createGrantDesk({ timing }, modules),
    reviewDesk: createReviewDesk({ timing, numbers: ruleSet }, modules),
  };
  const logger = pino({ level: 'silent' });
  const archive = openEpochArchive(join(folder, 'epochs'));
  const desk = new OperatorDesk({ genesis, ruleSet }, { validator, archive, clock, logger });
  door = await openOperatorDoor(folder, { desk, logger });
});
afterEach(async () => {
  await door.close();
  await rm(folder, { recursive: true, force: true });
});

const readDoor = async (): Promise<OperatorDoor> =>
  JSON.parse(await readFile(doorFile(folder), 'utf8')) as OperatorDoor;

async function knock(body: string, { token, path = '/operator' }: { token?: string; path?: string } = {}) {
  const { port, token: right } = await readDoor();
  const headers = { authorization: `Bearer ${token ?? right}` };
  return (await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body })).status;
}

describe('the operator’s door', () => {
  it('is open to whoever can read its file, which only the oracle’s user can', async () => {
    expect((await stat(doorFile(folder))).mode & 0o777).toBe(0o600);
    const granted = await askOperator(folder, { ask: 'grant', id, grant: 'anchor', epochs: 10 });
    expect(granted.result).toEqual({ ok: true, lastEpoch: 9, isNew: true });
    expect((await askOperator(folder, { ask: 'grants' })).grants).toMatchObject([
      { id, grant: 'anchor', lastEpoch: 9 },
    ]);
    expect(written).toHaveLength(1);
  });

  it('tells before the first epoch has closed that nobody is accused', async () => {
    expect(await askOperator(folder, { ask: 'accusations' })).toMatchObject({
      context: { latestClosedEpoch: -1, quorum: 1, judgesPlaces: true },
      accused: [],
    });
    const request = { ask: 'review', id, accusation: 'unheard_cluster', ruling: 'dismissed' } as const;
    expect((await askOperator(folder, request)).result).toEqual({ ok: false, reason: 'no_closed_epoch' });
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['nonsense', '{"ask":'],
    ['a question it does not know', '{"ask":"money"}'],
    ['a key that is none', '{"ask":"grant","id":"hs1abc","grant":"anchor","epochs":1}'],
    ['a grant for ever', JSON.stringify({ ask: 'grant', id, grant: 'anchor', epochs: 1e9 })],
    ['more than it asked for', JSON.stringify({ ask: 'grants', more: 1 })],
    ['more than any request', JSON.stringify({ ask: 'grants', more: 'x'.repeat(10_000) })],
  ])('refuses %s and writes nothing', async (_, body) => {
    expect(await knock(body)).toBe(400);
    expect(written).toEqual([]);
  });

  it('is closed to others', async () => {
    expect(await knock('{"ask":"grants"}', { token: 'guessed' })).toBe(401);
    expect(await knock('{"ask":"grants"}', { path: '/elsewhere' })).toBe(404);
  });

  it('is gone with the oracle, and what a killed one has left is told apart', async () => {
    const left = await readFile(doorFile(folder), 'utf8');
    await door.close();
    await expect(askOperator(folder, { ask: 'grants' })).rejects.toThrow(/No oracle is running/);
    await writeFile(doorFile(folder), left);
    await expect(askOperator(folder, { ask: 'grants' })).rejects.toThrow(/No oracle is running/);
    await writeFile(doorFile(folder), 'half a fi');
    await expect(askOperator(folder, { ask: 'grants' })).rejects.toThrow(/No oracle is running/);
    door = { close: async () => undefined };
  });
});
