import type { Hash, PublicClient } from 'viem';
import type { Deployment } from '../chain/deployment.ts';
import type { EpochStatement } from '../encoding/index.ts';
import { rewardDistributorAbi } from '../generated/reward-distributor.abi.ts';
import { epochStatement } from './epoch-argument.ts';

export interface PostedEpoch {
  readonly statement: EpochStatement;
  /** Bit i: the i-th account of the set signed. */
  readonly signers: bigint;
  readonly block: number;
  readonly transaction: Hash;
}

/** The last posting of an epoch, vetoed or not: what `activateEpochCall` needs. Undefined while it is not posted. */
export async function findPostedEpoch(
  client: Pick<PublicClient, 'getContractEvents'>,
  { contracts, fromBlock }: Deployment,
  epoch: number,
): Promise<PostedEpoch | undefined> {
  const events = await client.getContractEvents({
    address: contracts.distributor,
    abi: rewardDistributorAbi,
    eventName: 'EpochPosted',
    args: { epoch: BigInt(epoch) },
    fromBlock: BigInt(fromBlock),
    strict: true,
  });
  const last = events.at(-1);
  if (last === undefined) return undefined;
  return {
    statement: epochStatement(last.args.posted),
    signers: last.args.signers,
    block: Number(last.blockNumber),
    transaction: last.transactionHash,
  };
}
