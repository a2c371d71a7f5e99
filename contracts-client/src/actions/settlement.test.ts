import { bytesToHex, zeroAddress } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EpochStatement, epochStructHash, type OwnerLeaf } from '../encoding/index.ts';
import { rewardDistributorAbi } from '../generated/reward-distributor.abi.ts';
import {
  acceptTransferCall,
  activateEpochCall,
  type Call,
  ContractRefusedError,
  claimManyCall,
  claimRewardsCall,
  epochDigestOn,
  findPostedEpoch,
  freezeHotspotCall,
  listClaimableRoots,
  listClaims,
  listEpochs,
  listHotspotEvents,
  type OwnerProof,
  offerTransferCall,
  postEpochCall,
  readBalance,
  readClaimed,
  readHead,
  readHolding,
  readRequiredDeposit,
  readValidatorSet,
  registerHotspotCall,
  releaseHotspotCall,
  requestReleaseCall,
  setPayoutCall,
  signEpoch,
  slashDoubleVoteCall,
  vetoEpochCall,
} from '../index.ts';
import { EPOCH_CAP, type Person, SettlementFixture } from '../testing/settlement-fixture.ts';

const owner = (byte: number): Uint8Array => new Uint8Array(20).fill(byte);
const TOKEN = 10n ** 18n;
const leaves = (...amounts: readonly bigint[]): readonly OwnerLeaf[] =>
  amounts.map((cumulative, i) => ({ owner: owner(i + 1), cumulative }));

let fixture: SettlementFixture;
const proofs = new Map<string, OwnerProof>();

/** Settles one more epoch and remembers everybody's proof. */
async function settle(...amounts: readonly bigint[]): Promise<EpochStatement> {
  const list = leaves(...amounts);
  const { statement, tree } = await fixture.settle({ leaves: list });
  for (const leaf of list) {
    const { cumulative } = leaf;
    const address = bytesToHex(leaf.owner);
    const path = tree.findProof(leaf.owner) ?? [];
    proofs.set(`${statement.epoch}/${address}`, { epoch: statement.epoch, owner: address, cumulative, path });
  }
  return statement;
}

function proofOf(epoch: number, byte: number): OwnerProof {
  const proof = proofs.get(`${epoch}/${bytesToHex(owner(byte))}`);
  if (proof === undefined) throw new Error('no such proof');
  return proof;
}

async function refusal(person: Person, call: Call): Promise<string> {
  const error = await fixture.submit(person, call).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return error instanceof ContractRefusedError ? error.code : `not refused: ${String(error)}`;
}

const balance = (byte: number): Promise<bigint> =>
  readBalance(fixture.reader, fixture.deployment, bytesToHex(owner(byte)));

beforeAll(async () => {
  fixture = await SettlementFixture.start(7);
}, 60_000);
afterAll(() => fixture.stop());

/** One story: each test goes on where the one before stopped. */
describe('settlement on a chain', { timeout: 120_000 }, () => {
  it('starts empty, with the set it was deployed with', async () => {
    const head = await readHead(fixture.reader, fixture.deployment);
    expect(head).toEqual({ total: 0n, nextEpoch: 0, nextAttempt: 0, paused: false });
    const set = await readValidatorSet(fixture.reader, fixture.deployment);
    expect({ setId: set.setId, threshold: set.threshold, accounts: set.accounts }).toEqual(fixture.set);
    expect(await listClaimableRoots(fixture.reader, fixture.deployment)).toEqual([]);
  });

  it('signs the digest the contract computes', async () => {
    const { statement } = fixture.plan({ leaves: leaves(5n) });
    const { prevRoot, root, summaryHash, epoch, ...rest } = statement;
    const digest = await fixture.reader.readContract({
      address: fixture.deployment.contracts.distributor,
      abi: rewardDistributorAbi,
      functionName: 'digestOf',
      args: [
        {
          ...rest,
          epoch: BigInt(epoch),
          prevRoot: bytesToHex(prevRoot),
          root: bytesToHex(root),
          summaryHash: bytesToHex(summaryHash),
        },
      ],
    });
    expect(bytesToHex(epochDigestOn(fixture.deployment, statement))).toBe(digest);
  });

  it('refuses four of seven, and what is above the cap, with the facts', async () => {
    const { statement } = fixture.plan({ leaves: leaves(TOKEN) });
    await fixture.endEpoch(0);
    const post = async (what: EpochStatement, votes: number): Promise<Call> =>
      postEpochCall(fixture.deployment, what, fixture.set, await fixture.votes(what, votes));
    expect(await refusal('other', await post(statement, 4))).toBe('TooFewSignatures');
    const error = await fixture
      .submit('other', await post({ ...statement, total: EPOCH_CAP + 1n }, 5))
      .catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'AboveCap', call: 'postEpoch', facts: [EPOCH_CAP + 1n, EPOCH_CAP] });
  });

  it('posts, waits, vetoes, posts again and activates', async () => {
    const { statement } = fixture.plan({ leaves: leaves(3n * TOKEN, 2n * TOKEN) });
    await fixture.post(statement);
    const { pending } = await readHead(fixture.reader, fixture.deployment);
    expect(pending).toMatchObject({ attempt: 0, structHash: epochStructHash(statement) });
    expect((await findPostedEpoch(fixture.reader, fixture.deployment, 0))?.statement).toEqual(statement);
    expect(await refusal('other', activateEpochCall(fixture.deployment, statement))).toBe('TooEarly');
    expect(await refusal('other', vetoEpochCall(fixture.deployment, 0, 0))).toBe('NotGuardian');
    await fixture.submit('guardian', vetoEpochCall(fixture.deployment, 0, 0));
    await fixture.passVetoWindow();
    expect(await refusal('other', activateEpochCall(fixture.deployment, statement))).toBe('NothingPosted');
    expect(await listEpochs(fixture.reader, fixture.deployment)).toEqual([]);
    const again = { ...statement, attempt: 1 };
    await fixture.post(again);
    await fixture.passVetoWindow();
    await fixture.submit('other', activateEpochCall(fixture.deployment, again));
    fixture.adopt({ leaves: leaves(3n * TOKEN, 2n * TOKEN), attempt: 1 });
    const epochs = await listEpochs(fixture.reader, fixture.deployment);
    expect(epochs).toMatchObject([{ epoch: 0, total: 5n * TOKEN, minted: 5n * TOKEN, root: statement.root }]);
  });

  it('pays each owner the difference, once, whoever asks; a batch is as good', async () => {
    await settle(4n * TOKEN, 2n * TOKEN, 7n * TOKEN);
    await fixture.submit('other', claimRewardsCall(fixture.deployment, proofOf(1, 1)));
    expect(await balance(1)).toBe(4n * TOKEN);
    await fixture.submit('owner', claimRewardsCall(fixture.deployment, proofOf(1, 1)));
    expect(await balance(1)).toBe(4n * TOKEN);
    await fixture.submit('other', claimManyCall(fixture.deployment, [proofOf(1, 1), proofOf(1, 2), proofOf(1, 3)]));
    expect([await balance(1), await balance(2), await balance(3)]).toEqual([4n * TOKEN, 2n * TOKEN, 7n * TOKEN]);
    expect(await readClaimed(fixture.reader, fixture.deployment, bytesToHex(owner(3)))).toBe(7n * TOKEN);
    const claims = await listClaims(fixture.reader, fixture.deployment, bytesToHex(owner(2)));
    expect(claims).toMatchObject([{ paid: 2n * TOKEN, cumulative: 2n * TOKEN }]);
  });

  it('pays from an older root while newer ones stand', async () => {
    await settle(5n * TOKEN, 3n * TOKEN, 7n * TOKEN);
    await settle(6n * TOKEN, 4n * TOKEN, 7n * TOKEN);
    await fixture.submit('other', claimRewardsCall(fixture.deployment, proofOf(2, 1)));
    expect(await balance(1)).toBe(5n * TOKEN);
    const roots = await listClaimableRoots(fixture.reader, fixture.deployment);
    expect(roots.map(({ epoch }) => epoch)).toEqual([3, 2, 1, 0]);
    const stale = { ...proofOf(2, 1), cumulative: 6n * TOKEN };
    expect(await refusal('other', claimRewardsCall(fixture.deployment, stale))).toBe('BadProof');
  });

  it('takes the bond of a validator with two votes for one attempt', async () => {
    const [validator] = fixture.validators;
    if (validator === undefined) throw new Error('no validator');
    const { statement } = fixture.plan({ leaves: leaves(9n * TOKEN) });
    const other = { ...statement, summaryHash: new Uint8Array(32).fill(8) };
    const a = { statement, signature: (await signEpoch(fixture.deployment, statement, validator)).signature };
    const b = { statement: other, signature: (await signEpoch(fixture.deployment, other, validator)).signature };
    expect(await refusal('other', slashDoubleVoteCall(fixture.deployment, a, a))).toBe('NotADoubleVote');
    await fixture.submit('other', slashDoubleVoteCall(fixture.deployment, a, b));
    expect(await refusal('other', slashDoubleVoteCall(fixture.deployment, a, b))).toBe('NoBond');
  });

  it('keeps hotspots: register, two-step transfer, freeze, payout, release', async () => {
    const { deployment, reader } = fixture;
    const key = `0x${'4e'.repeat(32)}` as const;
    const deposit = await readRequiredDeposit(reader, deployment);
    const possession = `0x${'51'.repeat(64)}` as const;
    const start = await reader.getBlockNumber({ cacheTime: 0 });
    await fixture.submit('owner', registerHotspotCall(deployment, key, possession, deposit));
    await fixture.submit('owner', offerTransferCall(deployment, key, fixture.address('other')));
    await fixture.submit('owner', freezeHotspotCall(deployment, key, true));
    expect(await refusal('other', acceptTransferCall(deployment, key, fixture.address('owner')))).toBe('IsFrozen');
    await fixture.submit('owner', freezeHotspotCall(deployment, key, false));
    await fixture.submit('other', acceptTransferCall(deployment, key, fixture.address('owner')));
    await fixture.submit('other', setPayoutCall(deployment, fixture.address('owner')));
    await fixture.submit('other', requestReleaseCall(deployment, key));
    const { releasableAtSeconds, ...holding } = await readHolding(reader, deployment, key, fixture.address('other'));
    expect(holding).toEqual({ deposit, frozen: false, offeredTo: zeroAddress });
    expect(await refusal('other', releaseHotspotCall(deployment, key, fixture.address('other')))).toBe('ReleaseNotDue');
    await fixture.passTo(releasableAtSeconds ?? 0);
    await fixture.submit('other', releaseHotspotCall(deployment, key, fixture.address('other')));
    expect((await readHolding(reader, deployment, key, fixture.address('other'))).deposit).toBe(0n);
    const end = await reader.getBlockNumber({ cacheTime: 0 });
    const events = await listHotspotEvents(reader, deployment, start, end);
    expect(events.map(({ kind }) => kind)).toEqual([
      'registered',
      'frozen',
      'frozen',
      'transferred',
      'payout_changed',
      'released',
    ]);
  });
});
