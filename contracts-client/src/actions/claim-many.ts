import { bytesToHex, encodeFunctionData } from 'viem';
import type { Call } from '../chain/call.ts';
import type { Deployment } from '../chain/deployment.ts';
import { rewardDistributorAbi } from '../generated/reward-distributor.abi.ts';
import type { OwnerProof } from '../proofs/owner-proof.ts';

/** Pays many accounts out of one epoch's root in one transaction. Throws RangeError for proofs of more than one epoch. */
export function claimManyCall({ contracts }: Pick<Deployment, 'contracts'>, proofs: readonly OwnerProof[]): Call {
  const epoch = proofs[0]?.epoch;
  if (epoch === undefined || proofs.some((proof) => proof.epoch !== epoch)) {
    throw new RangeError('claimMany takes one or more proofs, all of one epoch');
  }
  const claims = proofs.map(({ owner, cumulative, path }) => ({
    account: owner,
    cumulative,
    proof: path.map((sibling) => bytesToHex(sibling)),
  }));
  const data = encodeFunctionData({
    abi: rewardDistributorAbi,
    functionName: 'claimMany',
    args: [BigInt(epoch), claims],
  });
  return { name: 'claimMany', to: contracts.distributor, data, value: 0n };
}
