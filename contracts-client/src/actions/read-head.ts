import type { Hex, PublicClient } from 'viem';
import type { Deployment } from '../chain/deployment.ts';
import { bytesOfHex } from '../encoding/hex.ts';
import { rewardDistributorAbi } from '../generated/reward-distributor.abi.ts';

/** Where the distributor stands. */
export interface DistributorHead {
  /** Base units of the last activated epoch's total. */
  readonly total: bigint;
  /** The epoch that is posted, or is to be posted next; everything before it is activated. */
  readonly nextEpoch: number;
  /** The lowest attempt that may be posted. */
  readonly nextAttempt: number;
  readonly paused: boolean;
  /** The posted epoch, while there is one. */
  readonly pending?: PendingEpoch;
}

export interface PendingEpoch {
  readonly attempt: number;
  /** EIP-712 struct hash of what was posted: `epochStructHash`. */
  readonly structHash: Uint8Array;
  /** Unix time from which it can be activated and no longer vetoed, seconds. */
  readonly activatableAtSeconds: number;
}

/** The state of settlement, at a block or at the newest one. */
export async function readHead(
  client: Pick<PublicClient, 'readContract'>,
  { contracts }: Pick<Deployment, 'contracts'>,
  blockNumber?: bigint,
): Promise<DistributorHead> {
  const at = {
    address: contracts.distributor,
    abi: rewardDistributorAbi,
    ...(blockNumber === undefined ? {} : { blockNumber }),
  };
  const [head, pendingHash] = await Promise.all([
    client.readContract({ ...at, functionName: 'head' }),
    client.readContract({ ...at, functionName: 'pendingHash' }),
  ]);
  const [total, nextEpoch, nextAttempt, activatableAt, paused] = head;
  return {
    total,
    nextEpoch,
    nextAttempt,
    paused,
    ...(activatableAt === 0 ? {} : { pending: pendingOf(nextAttempt, pendingHash, activatableAt) }),
  };
}

const pendingOf = (nextAttempt: number, structHash: Hex, activatableAtSeconds: number): PendingEpoch => ({
  attempt: nextAttempt - 1,
  structHash: bytesOfHex(structHash),
  activatableAtSeconds,
});
