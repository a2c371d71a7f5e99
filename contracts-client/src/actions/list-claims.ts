import type { Address, Hash, PublicClient } from 'viem';
import type { Deployment } from '../chain/deployment.ts';
import { rewardDistributorAbi } from '../generated/reward-distributor.abi.ts';

/** One payment to an account. */
export interface PaidClaim {
  readonly account: Address;
  readonly paid: bigint;
  /** Base units the account has been paid after it. */
  readonly cumulative: bigint;
  readonly block: number;
  readonly transaction: Hash;
}

/** Every payment to an account, oldest first. */
export async function listClaims(
  client: Pick<PublicClient, 'getContractEvents'>,
  { contracts, fromBlock }: Deployment,
  account: Address,
): Promise<readonly PaidClaim[]> {
  const events = await client.getContractEvents({
    address: contracts.distributor,
    abi: rewardDistributorAbi,
    eventName: 'Claimed',
    args: { account },
    fromBlock: BigInt(fromBlock),
    strict: true,
  });
  return events.map(({ args, blockNumber, transactionHash }) => ({
    ...args,
    block: Number(blockNumber),
    transaction: transactionHash,
  }));
}
