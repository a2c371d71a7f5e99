import { type Address, bytesToHex, type TransactionReceipt } from 'viem';
import { claimManyCall } from '../actions/claim-many.ts';
import { claimRewardsCall } from '../actions/claim-rewards.ts';
import { readBalance } from '../actions/read-balance.ts';
import type { OwnerLeaf } from '../encoding/index.ts';
import type { OwnerProof } from '../proofs/owner-proof.ts';
import { SettlementFixture } from '../testing/settlement-fixture.ts';

const BATCH = 40;
/** So many activations that every slot of the ring has held a root: from then on a post costs the same for ever. */
const EPOCHS_BEFORE_STEADY = 8;

/** Gas of one transaction each, as the receipt says; `batch40PerOwner1k` is a fortieth of its transaction. */
export interface GasTable {
  readonly post5of7: number;
  readonly activate: number;
  readonly claimFirst1k: number;
  readonly claimRepeat1k: number;
  readonly claimRepeat100k: number;
  readonly batch40PerOwner1k: number;
  readonly doubleClaimPaid: number;
}

interface Settled {
  readonly epoch: number;
  readonly leaves: readonly OwnerLeaf[];
  proof(index: number): OwnerProof;
}

/** Measures on an anvil of its own: 7 validators, 5 signatures, full-length amounts. Takes some 20 seconds. */
export async function measureGas(): Promise<GasTable> {
  const fixture = await SettlementFixture.start(7);
  try {
    for (let i = 0; i < EPOCHS_BEFORE_STEADY; i++) await settle(fixture, 10, i + 1);
    const first = await settle(fixture, 1000, 9);
    const claimFirst1k = gasOf(await claim(fixture, first.settled, 0));
    await fixture.submit('other', claimManyCall(fixture.deployment, proofs(first.settled)));
    const second = await settle(fixture, 1000, 10);
    const claimRepeat1k = gasOf(await claim(fixture, second.settled, 0));
    const batch = await fixture.submit('other', claimManyCall(fixture.deployment, proofs(second.settled)));
    const balance = (index: number): Promise<bigint> =>
      readBalance(fixture.reader, fixture.deployment, second.settled.proof(index).owner);
    const paid = await balance(0);
    await claim(fixture, second.settled, 0);
    const doubleClaimPaid = Number((await balance(0)) - paid);
    const large = await settle(fixture, 100_000, 11);
    return {
      post5of7: gasOf(second.posting),
      activate: gasOf(second.activation),
      claimFirst1k,
      claimRepeat1k,
      claimRepeat100k: gasOf(await claim(fixture, large.settled, 0)),
      batch40PerOwner1k: Math.ceil(gasOf(batch) / BATCH),
      doubleClaimPaid,
    };
  } finally {
    await fixture.stop();
  }
}

const gasOf = ({ gasUsed }: TransactionReceipt): number => Number(gasUsed);

/** An address whose 20 bytes are spread, so that calldata costs what it costs for real owners. */
function ownerAt(index: number): Uint8Array {
  const owner = new Uint8Array(20).fill(0xa5);
  new DataView(owner.buffer).setUint32(16, index);
  return owner;
}

async function settle(
  fixture: SettlementFixture,
  owners: number,
  factor: number,
): Promise<{ settled: Settled; posting: TransactionReceipt; activation: TransactionReceipt }> {
  const leaves = Array.from({ length: owners }, (_, i) => ({
    owner: ownerAt(i),
    cumulative: BigInt(factor) * 123_456_789_012_345_678n,
  }));
  const total = BigInt(factor) * 10n ** 22n;
  const { statement, tree, posting, activation } = await fixture.settle({ leaves, total });
  const proof = (index: number): OwnerProof => {
    const { owner, cumulative } = leaves[index] as OwnerLeaf;
    const address: Address = bytesToHex(owner);
    return { epoch: statement.epoch, owner: address, cumulative, path: tree.findProof(owner) ?? [] };
  };
  return { settled: { epoch: statement.epoch, leaves, proof }, posting, activation };
}

const proofs = (settled: Settled): readonly OwnerProof[] =>
  Array.from({ length: BATCH }, (_, i) => settled.proof(i + 1));

const claim = (fixture: SettlementFixture, settled: Settled, index: number): Promise<TransactionReceipt> =>
  fixture.submit('other', claimRewardsCall(fixture.deployment, settled.proof(index)));
