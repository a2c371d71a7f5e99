import { createManualClock, type ManualClock } from '@sextant/firmware-bridge/clock';
import { createSeedSigner } from '@sextant/firmware-bridge/native-ed25519';
import {
  decodeEnvelope,
  decodeValidatorRecord,
  type Timing,
  type UnixMs,
  type ValidatorRecord,
} from '@sextant/firmware-bridge/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { createGrantDesk, type GrantDesk } from './grant-desk.ts';
import { createOwnRecords, type OwnRecords } from './own-records.ts';
import { createParticipants } from './participants.ts';
import { createRecordSigner } from './record-signer.ts';

const networkId = 'test-net';
const timing: Timing = {
  genesisMs: 1_790_000_000_000 as UnixMs,
  slotMs: 5_000,
  roundMs: 60_000,
  epochMs: 300_000,
  clockMarginMs: 3_000,
  epochGraceMs: 8_000,
};
const EPOCH = 12;
const key = new Uint8Array(32).fill(4);
const car = new Uint8Array(32).fill(5);

let log: ValidatorRecord[];
let clock: ManualClock;
let ownRecords: OwnRecords;
let desk: GrantDesk;
const inEpoch = (epoch: number) => (timing.genesisMs + epoch * timing.epochMs + 1) as UnixMs;

beforeEach(() => {
  log = [];
  const append = async (entry: Uint8Array): Promise<void> => {
    const envelope = decodeEnvelope(entry);
    const record = envelope.ok ? decodeValidatorRecord(envelope.value.payload) : envelope;
    if (record.ok) log.push(record.value);
  };
  const participants = createParticipants(networkId);
  const owner = new Uint8Array(20).fill(7);
  participants.add({ key, kind: 'hotspot', owner });
  participants.add({ key: car, kind: 'survey_device', owner });
  clock = createManualClock(inEpoch(EPOCH));
  ownRecords = createOwnRecords();
  const sign = createRecordSigner(networkId, createSeedSigner(new Uint8Array(32).fill(1)));
  desk = createGrantDesk({ timing }, { participants, ownRecords, log: { append, appendRecord: append }, sign, clock });
});

describe('a grant', () => {
  it('is a record that ends, the running epoch counted', async () => {
    expect(await desk.grant({ key, grant: 'anchor', epochs: 1 })).toEqual({ ok: true, lastEpoch: EPOCH, isNew: true });
    expect(log).toMatchObject([{ kind: 'grant', key, grant: 'anchor', lastEpoch: EPOCH }]);
    expect(ownRecords.grantsStanding(EPOCH)).toEqual([{ key, grant: 'anchor', lastEpoch: EPOCH }]);
    expect(ownRecords.grantsStanding(EPOCH + 1)).toEqual([]);
  });

  it('is written once, prolonged by a longer one, and never shortened', async () => {
    const lastEpochs = [];
    for (const epochs of [10, 10, 3, 11]) lastEpochs.push(await desk.grant({ key, grant: 'anchor', epochs }));
    expect(lastEpochs.map((result) => result.ok && [result.lastEpoch, result.isNew])).toEqual([
      [EPOCH + 9, true],
      [EPOCH + 9, false],
      [EPOCH + 9, false],
      [EPOCH + 10, true],
    ]);
    expect(log).toHaveLength(2);
  });

  it('made before the first epoch begins with it', async () => {
    clock = createManualClock((timing.genesisMs - 400_000) as UnixMs);
    const sign = createRecordSigner(networkId, createSeedSigner(new Uint8Array(32).fill(1)));
    const participants = createParticipants(networkId);
    participants.add({ key, kind: 'hotspot', owner: new Uint8Array(20) });
    const none = { append: async () => undefined, appendRecord: async () => undefined };
    const early = createGrantDesk({ timing }, { participants, ownRecords, log: none, sign, clock });
    expect(await early.grant({ key, grant: 'anchor', epochs: 5 })).toMatchObject({ lastEpoch: 4 });
  });

  it.each([
    ['a key nobody has made known', { key: new Uint8Array(32).fill(9), grant: 'anchor' }, 'unknown_key'],
    ['a survey device as an anchor', { key: car, grant: 'anchor' }, 'other_kind'],
    ['a hotspot as a survey device', { key, grant: 'survey_device' }, 'other_kind'],
  ] as const)('is refused to %s, and nothing is written', async (_, request, reason) => {
    expect(await desk.grant({ ...request, epochs: 5 })).toEqual({ ok: false, reason });
    expect(log).toEqual([]);
  });
});
