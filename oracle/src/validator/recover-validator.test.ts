import { createSeedSigner } from '@sextant/firmware-bridge/native-ed25519';
import { bytesToHex, type Genesis, unixMs } from '@sextant/firmware-bridge/protocol';
import { expect, it } from 'vitest';
import { createGenesisState, DEMO_TIMING, type EpochState, ruleSet2 } from '../core/index.ts';
import { createOwnRecords } from './own-records.ts';
import { createParticipants } from './participants.ts';
import { createRecordSigner } from './record-signer.ts';
import { recoverValidator } from './recover-validator.ts';

const NETWORK_ID = 'test-net';
const signer = createSeedSigner(new Uint8Array(32).fill(1));
const sign = createRecordSigner(NETWORK_ID, signer);
const timing = { genesisMs: unixMs(1_790_000_000_000), ...DEMO_TIMING };
const genesis: Genesis = {
  kind: 'genesis',
  networkId: NETWORK_ID,
  ruleSet: 2,
  ruleSetId: ruleSet2(timing).id,
  timing,
  validators: [],
};

const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);
const [seller, buyer] = [bytes(20, 0xa), bytes(20, 0xb)];
type Participant = EpochState['participants'][number];
const participant = (fill: number, owner: Uint8Array): Participant => ({
  key: bytes(32, fill),
  kind: 'hotspot',
  owner,
  byDeposit: true,
  fromRound: 0,
  lastNumber: 0,
  statements: [],
  lastIndex: -1,
});
const stateOf = (epoch: number, participants: readonly Participant[]): EpochState => {
  return { ...createGenesisState(genesis), epoch, participants };
};

it('after a restart knows whose the keys are as the newest closed epoch does, not as the log told it in between', async () => {
  const [sold, invitedThenSold, gone, came] = [1, 2, 3, 4].map((fill) => participant(fill, seller)) as [
    Participant,
    Participant,
    Participant,
    Participant,
  ];
  const base = stateOf(3, [sold, gone]);
  const newest = stateOf(4, [{ ...sold, owner: buyer }, { ...invitedThenSold, owner: buyer }, came]);
  const invitation = (key: Uint8Array, code: number): Uint8Array =>
    sign({
      kind: 'invitation',
      key,
      participant: 'hotspot',
      owner: seller,
      codeHash: bytes(32, code),
      keySignature: bytes(64, 9),
    });
  const entries = [
    invitation(invitedThenSold.key, 1),
    sign({ kind: 'epoch_mark', epoch: 3, attempt: 0 }),
    invitation(bytes(32, 5), 2),
  ];
  const log = {
    size: entries.length,
    async *entries(from: number, to: number): AsyncGenerator<Uint8Array> {
      yield* entries.slice(from, to);
    },
  };
  const participants = createParticipants(NETWORK_ID);
  const options = { origin: 'log.example', validator: signer.publicKey, base, newest };
  expect(await recoverValidator(log, options, { participants, ownRecords: createOwnRecords() })).toMatchObject({
    lastMarkedEpoch: 3,
  });
  const owners = [sold.key, invitedThenSold.key, gone.key, came.key, bytes(32, 5)].map((key) => {
    const owner = participants.find(key)?.owner;
    return owner && bytesToHex(owner);
  });
  const [his, hers] = [bytesToHex(seller), bytesToHex(buyer)];
  expect(owners).toEqual([hers, hers, undefined, his, his]);
});
