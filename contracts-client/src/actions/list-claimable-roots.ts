import type { Hex, PublicClient } from 'viem';
import type { Deployment } from '../chain/deployment.ts';
import { bytesOfHex } from '../encoding/hex.ts';
import { rewardDistributorAbi } from '../generated/reward-distributor.abi.ts';
import { readHead } from './read-head.ts';

/** How many activated epochs stay claimable. */
export const RING_SIZE = 8;

export interface ClaimableRoot {
  readonly epoch: number;
  /** Root of the owner tree, 32 bytes. */
  readonly root: Uint8Array;
}

/** The roots that claims are paid from, newest first; none before the first activation. */
export async function listClaimableRoots(
  client: Pick<PublicClient, 'readContract' | 'getBlockNumber'>,
  deployment: Pick<Deployment, 'contracts'>,
): Promise<readonly ClaimableRoot[]> {
  // All of one block: an activation between two reads would put a root beside the wrong epoch.
  const blockNumber = await client.getBlockNumber({ cacheTime: 0 });
  const { nextEpoch } = await readHead(client, deployment, blockNumber);
  const count = Math.min(RING_SIZE, nextEpoch);
  const epochs = Array.from({ length: count }, (_, i) => nextEpoch - 1 - i);
  const roots = await Promise.all(
    epochs.map((epoch) =>
      client.readContract({
        address: deployment.contracts.distributor,
        abi: rewardDistributorAbi,
        functionName: 'ring',
        args: [BigInt(epoch % RING_SIZE)],
        blockNumber,
      }),
    ),
  );
  return epochs.map((epoch, i) => ({ epoch, root: bytesOfHex(roots[i] as Hex) }));
}
