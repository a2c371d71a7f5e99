import { encodeFunctionData } from 'viem';
import type { Call } from '../chain/call.ts';
import type { Deployment } from '../chain/deployment.ts';
import { rewardDistributorAbi } from '../generated/reward-distributor.abi.ts';

/** Throws a posted attempt away; the guardian alone may, and only inside the veto window. */
export function vetoEpochCall({ contracts }: Pick<Deployment, 'contracts'>, epoch: number, attempt: number): Call {
  const data = encodeFunctionData({
    abi: rewardDistributorAbi,
    functionName: 'veto',
    args: [BigInt(epoch), attempt],
  });
  return { name: 'veto', to: contracts.distributor, data, value: 0n };
}
