import type { Call } from '../chain/call.ts';
import type { Deployment } from '../chain/deployment.ts';
import { hexOfBytes } from '../encoding/hex.ts';
import { encodeCall, functionOf } from '../encoding/static-abi.ts';
import { rewardDistributorAbi } from '../generated/reward-distributor.abi.ts';
import type { OwnerProof } from '../proofs/owner-proof.ts';

/** Pays one account what it has not been paid yet. Anyone may send it; only the account is paid. */
export function claimRewardsCall({ contracts }: Pick<Deployment, 'contracts'>, proof: OwnerProof): Call {
  const { epoch, owner, cumulative, path } = proof;
  const data = encodeCall(functionOf(rewardDistributorAbi, 'claim'), [
    BigInt(epoch),
    owner,
    cumulative,
    path.map(hexOfBytes),
  ]);
  return { name: 'claim', to: contracts.distributor, data, value: 0n };
}
