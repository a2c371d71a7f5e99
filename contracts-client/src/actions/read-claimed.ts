import type { Address, PublicClient } from 'viem';
import type { Deployment } from '../chain/deployment.ts';
import { rewardDistributorAbi } from '../generated/reward-distributor.abi.ts';

/** Base units an account has been paid since the beginning. */
export async function readClaimed(
  client: Pick<PublicClient, 'readContract'>,
  { contracts }: Pick<Deployment, 'contracts'>,
  account: Address,
): Promise<bigint> {
  return client.readContract({
    address: contracts.distributor,
    abi: rewardDistributorAbi,
    functionName: 'claimed',
    args: [account],
  });
}
