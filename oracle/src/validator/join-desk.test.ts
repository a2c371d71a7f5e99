import { createManualClock } from '@sextant/firmware-bridge/clock';
import { createSeedSigner, fastVerifySignature } from '@sextant/firmware-bridge/native-ed25519';
import {
  decodeEnvelope,
  decodeValidatorRecord,
  invitationCodeHash,
  joinMessage,
  type ParticipantKind,
  type Timing,
  type UnixMs,
  type ValidatorRecord,
} from '@sextant/firmware-bridge/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { createInvitationCodes } from './invitation-codes.ts';
import { createJoinDesk, type JoinDesk, type JoinRequest } from './join-desk.ts';
import { createOwnRecords } from './own-records.ts';
import { createParticipants, type Participants } from './participants.ts';
import { createRecordSigner } from './record-signer.ts';

const networkId = 'test-net';
const NOW = 1_790_000_000_000;
const timing: Timing = {
  genesisMs: (NOW - 3_000_000) as UnixMs,
  slotMs: 5_000,
  roundMs: 60_000,
  epochMs: 300_000,
  clockMarginMs: 3_000,
  epochGraceMs: 8_000,
};
const codes = createInvitationCodes(networkId, new Uint8Array(32).fill(3));
const owner = new Uint8Array(20).fill(7);
const signerOf = (n: number) => createSeedSigner(new Uint8Array(32).fill(n));

let nonce = 0;
const newCode = (participant: ParticipantKind = 'hotspot') =>
  codes.create({ participant, expiresAtMs: (NOW + 3_600_000) as UnixMs }, new Uint8Array(6).fill(++nonce));

function request(n: number, code: string, changes: Partial<JoinRequest> = {}): JoinRequest {
  const signer = signerOf(n);
  const claims = { key: signer.publicKey, participant: 'hotspot' as ParticipantKind, owner, ...changes };
  const keySignature = signer.sign(joinMessage(networkId, { ...claims, codeHash: invitationCodeHash(code) }));
  return { ...claims, code, keySignature, ...changes };
}

let desk: JoinDesk;
let participants: Participants;
let log: ValidatorRecord[];
beforeEach(() => {
  log = [];
  participants = createParticipants(networkId);
  const write = async (entry: Uint8Array): Promise<void> => {
    const envelope = decodeEnvelope(entry);
    const record = envelope.ok ? decodeValidatorRecord(envelope.value.payload) : envelope;
    if (record.ok) log.push(record.value);
  };
  desk = createJoinDesk(
    { networkId, timing, surveyGrantEpochs: 100 },
    {
      codes,
      participants,
      ownRecords: createOwnRecords(),
      log: { append: write, appendRecord: write },
      sign: createRecordSigner(networkId, signerOf(1)),
      clock: createManualClock(NOW as UnixMs),
      verify: fastVerifySignature,
    },
  );
});

describe('joining with an invitation', () => {
  it('puts the key into the log and lets it log in', async () => {
    expect(await desk.join(request(2, newCode()))).toEqual({ ok: true });
    expect(participants.find(signerOf(2).publicKey)).toMatchObject({ kind: 'hotspot', owner });
    expect(log).toMatchObject([{ kind: 'invitation', participant: 'hotspot', owner }]);
  });

  it('grants a survey device its coverage', async () => {
    await desk.join(request(2, newCode('survey_device'), { participant: 'survey_device' }));
    expect(log.map(({ kind }) => kind)).toEqual(['invitation', 'grant']);
    expect(log[1]).toMatchObject({ grant: 'survey_device', lastEpoch: 110 });
  });

  it('is asked twice without harm, also at the same time, and logged once', async () => {
    const twice = request(2, newCode());
    expect(await Promise.all([desk.join(twice), desk.join(twice)])).toEqual([{ ok: true }, { ok: true }]);
    expect(await desk.join(twice)).toEqual({ ok: true });
    expect(log).toHaveLength(1);
  });

  it('works once a code, however it is typed, also at the same time', async () => {
    const code = newCode();
    const again = ` ${code.toUpperCase()} `;
    const results = await Promise.all([desk.join(request(2, code)), desk.join(request(3, again))]);
    expect(results).toEqual([{ ok: true }, { ok: false, reason: 'code_used' }]);
    expect(log).toHaveLength(1);
  });

  it.each<[string, () => JoinRequest, string]>([
    ['noise', () => request(2, 'hello'), 'malformed_code'],
    [
      'another validator’s code',
      () =>
        request(
          2,
          createInvitationCodes(networkId, new Uint8Array(32)).create(
            { participant: 'hotspot', expiresAtMs: (NOW + 60_000) as UnixMs },
            new Uint8Array(6),
          ),
        ),
      'not_ours',
    ],
    [
      'an expired code',
      () =>
        request(2, codes.create({ participant: 'hotspot', expiresAtMs: (NOW - 60_000) as UnixMs }, new Uint8Array(6))),
      'expired',
    ],
    ['a code for a survey device', () => request(2, newCode('survey_device')), 'other_kind'],
    ['a key of small order', () => request(2, newCode(), { key: new Uint8Array(32) }), 'key_not_allowed'],
    ['somebody else’s key', () => request(2, newCode(), { keySignature: new Uint8Array(64) }), 'bad_signature'],
  ])('refuses %s and logs nothing', async (_, make, reason) => {
    expect(await desk.join(make())).toEqual({ ok: false, reason });
    expect(log).toEqual([]);
  });

  it('does not let a known key change its owner', async () => {
    await desk.join(request(2, newCode()));
    const thief = request(2, newCode(), { owner: new Uint8Array(20).fill(9) });
    expect(await desk.join(thief)).toEqual({ ok: false, reason: 'other_owner' });
  });
});
