import { createManualClock } from '@sextant/firmware-bridge/clock';
import { createSeedSigner } from '@sextant/firmware-bridge/native-ed25519';
import {
  decodeEnvelope,
  decodeValidatorRecord,
  type Ruling,
  type UnixMs,
  type ValidatorRecord,
} from '@sextant/firmware-bridge/protocol';
import { expect, it } from 'vitest';
import { DEMO_TIMING, ruleSet2, type StandingAccusation } from '../core/index.ts';
import { createOwnRecords } from './own-records.ts';
import { createRecordSigner } from './record-signer.ts';
import { createReviewDesk } from './review-desk.ts';

const timing = { ...DEMO_TIMING, genesisMs: 1_790_000_000_000 as UnixMs };
const numbers = ruleSet2(DEMO_TIMING);
const key = new Uint8Array(32).fill(4);
const CODE = 'unheard_cluster';
const accused: StandingAccusation = { code: CODE, epoch: 3, epochs: 3, checks: [] };
const appealed: StandingAccusation = { ...accused, appeal: { epoch: 4, reviews: [] } };

function deskIn(epoch: number) {
  const log: ValidatorRecord[] = [];
  const append = async (entry: Uint8Array): Promise<void> => {
    const envelope = decodeEnvelope(entry);
    const record = envelope.ok ? decodeValidatorRecord(envelope.value.payload) : envelope;
    if (record.ok) log.push(record.value);
  };
  const desk = createReviewDesk(
    { timing, numbers },
    {
      ownRecords: createOwnRecords(),
      log: { append, appendRecord: append },
      sign: createRecordSigner('test-net', createSeedSigner(new Uint8Array(32).fill(1))),
      clock: createManualClock((timing.genesisMs + epoch * timing.epochMs + 1) as UnixMs),
    },
  );
  const say = (ruling: Ruling, ...accusations: readonly StandingAccusation[]) =>
    desk.review({ key, accusations, accusation: CODE, ruling });
  return { log, say };
}

it('writes what the validator says to an appeal, once', async () => {
  const { log, say } = deskIn(5);
  expect(await say('dismissed', appealed)).toEqual({ ok: true, appealEpoch: 4, isNew: true });
  expect(await say('dismissed', appealed)).toEqual({ ok: true, appealEpoch: 4, isNew: false });
  expect(log).toMatchObject([{ kind: 'review', key, accusation: CODE, appealEpoch: 4, ruling: 'dismissed' }]);
});

it('takes its word again after it was ruled by, and after its time', async () => {
  const { log, say } = deskIn(4 + numbers.accusation.reviewEpochs);
  await say('upheld', appealed);
  expect(await say('upheld', { ...appealed, appeal: ruledIn(4) })).toMatchObject({ ok: true, isNew: false });
  expect(await say('dismissed', { ...appealed, appeal: ruledIn(4) })).toEqual({ ok: false, reason: 'already_ruled' });
  expect(log).toHaveLength(1);
});

it('gives a validator one word', async () => {
  const { log, say } = deskIn(5);
  await say('upheld', appealed);
  expect(await say('dismissed', appealed)).toEqual({ ok: false, reason: 'said_otherwise' });
  expect(log).toHaveLength(1);
});

it.each<[string, number, readonly StandingAccusation[], string]>([
  ['against what does not stand', 5, [], 'no_such_accusation'],
  ['where nobody has appealed', 5, [accused], 'not_appealed'],
  ['where validators have ruled', 5, [{ ...appealed, appeal: ruledIn(4) }], 'already_ruled'],
  ['after the time for it', 4 + numbers.accusation.reviewEpochs + 1, [appealed], 'too_late'],
])('writes nothing %s', async (_, epoch, accusations, reason) => {
  const { log, say } = deskIn(epoch);
  expect(await say('dismissed', ...accusations)).toEqual({ ok: false, reason });
  expect(log).toEqual([]);
});

it('writes in the last epoch it counts in', async () => {
  const { say } = deskIn(4 + numbers.accusation.reviewEpochs);
  expect(await say('upheld', appealed)).toMatchObject({ ok: true });
});

function ruledIn(epoch: number): NonNullable<StandingAccusation['appeal']> {
  return { epoch, reviews: [{ validator: 0, ruling: 'upheld' }], ruling: { ruling: 'upheld', epoch } };
}
