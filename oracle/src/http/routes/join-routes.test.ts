import { createManualClock } from '@sextant/firmware-bridge/clock';
import { createSeedSigner, fastVerifySignature } from '@sextant/firmware-bridge/native-ed25519';
import {
  bytesToHex,
  formatId,
  invitationCodeHash,
  joinMessage,
  type ParticipantKind,
  type UnixMs,
} from '@sextant/firmware-bridge/protocol';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JoinRequest, Problem } from '../../api/index.ts';
import { LedgerError } from '../../ledger/index.ts';
import { createInvitationCodes } from '../../validator/invitation-codes.ts';
import { createJoinDesk } from '../../validator/join-desk.ts';
import { createOwnRecords } from '../../validator/own-records.ts';
import { createParticipants } from '../../validator/participants.ts';
import { createRecordSigner } from '../../validator/record-signer.ts';
import { createApp } from '../create-app.ts';
import { createHttpMetrics } from '../http-metrics.ts';
import { addJoinRoutes } from './join-routes.ts';

const networkId = 'test-net';
const NOW = 1_790_000_000_000;
const BURST = 12;
const timing = {
  genesisMs: (NOW - 3_000_000) as UnixMs,
  slotMs: 5_000,
  roundMs: 60_000,
  epochMs: 300_000,
  clockMarginMs: 3_000,
  epochGraceMs: 8_000,
};
const codes = createInvitationCodes(networkId, new Uint8Array(32).fill(3));
const signerOf = (n: number) => createSeedSigner(new Uint8Array(32).fill(n));
const owner = new Uint8Array(20).fill(7);
let nonce = 0;
const newCode = (participant: ParticipantKind = 'hotspot', forMs = 3_600_000): string =>
  codes.create({ participant, expiresAtMs: (NOW + forMs) as UnixMs }, new Uint8Array(6).fill(++nonce));

function request(n: number, code: string, changes: Partial<JoinRequest> = {}): JoinRequest {
  const signer = signerOf(n);
  const claims = { key: signer.publicKey, participant: 'hotspot' as const, owner };
  const keySignature = signer.sign(joinMessage(networkId, { ...claims, codeHash: invitationCodeHash(code) }));
  return {
    key: formatId('hotspot', signer.publicKey),
    participant: 'hotspot',
    owner: `0x${bytesToHex(owner)}`,
    code,
    keySignature: bytesToHex(keySignature),
    ...changes,
  };
}

let app: FastifyInstance;
let isDiskFull: boolean;
beforeEach(async () => {
  isDiskFull = false;
  const logger = pino({ level: 'silent' });
  const clock = createManualClock(NOW as UnixMs);
  const append = async (): Promise<void> => {
    if (isDiskFull) throw new LedgerError('storage_unavailable', 'no space left on /secret/path');
  };
  const joinDesk = createJoinDesk(
    { networkId, timing, surveyGrantEpochs: 100 },
    {
      codes,
      participants: createParticipants(networkId),
      ownRecords: createOwnRecords(),
      log: { append, appendRecord: append },
      sign: createRecordSigner(networkId, signerOf(1)),
      clock,
      verify: fastVerifySignature,
    },
  );
  app = await createApp({ version: '1', trustProxy: true }, { logger, metrics: createHttpMetrics(new Registry()) });
  addJoinRoutes(app, { joinRate: { perMinute: 6, burst: BURST } }, { joinDesk, clock });
});
afterEach(async () => app.close());

const post = async (payload: object, from = '192.0.2.1') =>
  app.inject({ method: 'POST', url: '/api/v1/join', payload, headers: { 'x-forwarded-for': from } });
const codeOf = async (payload: object): Promise<string> => (await post(payload)).json<Problem>().code;

test('an invited key becomes known, and asking again is no error', async () => {
  const asked = request(2, newCode());
  for (const _ of [1, 2]) {
    const answer = await post(asked);
    expect([answer.statusCode, answer.json()]).toEqual([200, { key: asked.key, owner: asked.owner }]);
  }
});

test('every refusal has its code', async () => {
  const code = newCode();
  await post(request(2, code));
  expect(await codeOf(request(3, code))).toBe('code_used');
  expect(await codeOf(request(3, 'hello'))).toBe('code_malformed');
  expect(
    await codeOf(
      request(
        3,
        createInvitationCodes('other', new Uint8Array(32)).create(
          { participant: 'hotspot', expiresAtMs: (NOW + 1e6) as UnixMs },
          new Uint8Array(6),
        ),
      ),
    ),
  ).toBe('code_not_ours');
  expect(await codeOf(request(3, newCode('hotspot', -60_000)))).toBe('code_expired');
  expect(await codeOf(request(3, newCode('survey_device')))).toBe('code_other_kind');
  expect(await codeOf(request(3, newCode(), { keySignature: '00'.repeat(64) }))).toBe('signature_wrong');
  expect(await codeOf(request(2, newCode(), { owner: `0x${'11'.repeat(20)}` }))).toBe('key_known');
  // The point of order 1 signs anything.
  const weak = formatId('hotspot', Uint8Array.of(1, ...new Uint8Array(31)));
  expect(await codeOf(request(3, newCode(), { key: weak }))).toBe('key_not_allowed');
  expect(await codeOf(request(3, newCode(), { participant: 'survey_device' }))).toBe('bad_parameter');
});

test('one address tries only so often; another one is not held up', async () => {
  const statuses: number[] = [];
  for (let i = 0; i <= BURST; i++) statuses.push((await post({ ...request(2, 'hello') })).statusCode);
  expect(statuses.slice(0, BURST)).toEqual(Array.from({ length: BURST }, () => 400));
  const last = await post(request(2, 'hello'));
  expect([last.statusCode, last.json<Problem>().code, last.headers['retry-after']]).toEqual([
    429,
    'too_many_requests',
    '10',
  ]);
  expect((await post(request(4, newCode()), '192.0.2.2')).statusCode).toBe(200);
});

test('a log that cannot be written says so, without its secrets', async () => {
  isDiskFull = true;
  const refused = await post(request(2, newCode()));
  expect([refused.statusCode, refused.json<Problem>().code]).toEqual([503, 'ledger_unavailable']);
  expect(refused.body).not.toContain('secret');
});
