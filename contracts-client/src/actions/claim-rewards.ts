import { bytesToHex, encodeFunctionData } from 'viem';
import type { Call } from '../chain/call.ts';
import type { Deployment } from '../chain/deployment.ts';
import { rewardDistributorAbi } from '../generated/reward-distributor.abi.ts';
import type { OwnerProof } from '../proofs/owner-proof.ts';

/** Pays one account what it has not been paid yet. Anyone may send it; only the account is paid. */
export function claimRewardsCall({ contracts }: Pick<Deployment, 'contracts'>, proof: OwnerProof): Call {
  const data = encodeFunctionData({
    abi: rewardDistributorAbi,
    functionName: 'claim',
    args: [BigInt(proof.epoch), proof.owner, proof.cumulative, proof.path.map((sibling) => bytesToHex(sibling))],
  });
  return { name: 'claim', to: contracts.distributor, data, value: 0n };
}
