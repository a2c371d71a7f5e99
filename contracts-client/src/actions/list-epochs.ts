import { type Hash, hexToBytes, type PublicClient } from 'viem';
import type { Deployment } from '../chain/deployment.ts';
import { rewardDistributorAbi } from '../generated/reward-distributor.abi.ts';

/** An epoch that became claimable. */
export interface ActivatedEpoch {
  readonly epoch: number;
  readonly root: Uint8Array;
  readonly summaryHash: Uint8Array;
  /** Base units since epoch 0. */
  readonly total: bigint;
  /** Base units this epoch added. */
  readonly minted: bigint;
  readonly block: number;
  readonly transaction: Hash;
}

export interface BlockRange {
  readonly from: bigint;
  readonly to: bigint;
}

/** Every activation in a range of blocks (all since the deployment unless given), oldest first. */
export async function listEpochs(
  client: Pick<PublicClient, 'getContractEvents'>,
  { contracts, fromBlock }: Deployment,
  range?: BlockRange,
): Promise<readonly ActivatedEpoch[]> {
  const events = await client.getContractEvents({
    address: contracts.distributor,
    abi: rewardDistributorAbi,
    eventName: 'EpochActivated',
    fromBlock: range?.from ?? BigInt(fromBlock),
    ...(range === undefined ? {} : { toBlock: range.to }),
    strict: true,
  });
  return events.map(({ args: { epoch, root, summaryHash, total, minted }, blockNumber, transactionHash }) => ({
    epoch: Number(epoch),
    root: hexToBytes(root),
    summaryHash: hexToBytes(summaryHash),
    total,
    minted,
    block: Number(blockNumber),
    transaction: transactionHash,
  }));
}
