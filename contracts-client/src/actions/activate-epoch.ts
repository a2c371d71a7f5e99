import { encodeFunctionData } from 'viem';
import type { Call } from '../chain/call.ts';
import type { Deployment } from '../chain/deployment.ts';
import type { EpochStatement } from '../encoding/index.ts';
import { rewardDistributorAbi } from '../generated/reward-distributor.abi.ts';
import { epochArgument } from './epoch-argument.ts';

/** Makes a posted epoch claimable; anyone may, once its veto window is over. */
export function activateEpochCall({ contracts }: Pick<Deployment, 'contracts'>, statement: EpochStatement): Call {
  const data = encodeFunctionData({
    abi: rewardDistributorAbi,
    functionName: 'activate',
    args: [epochArgument(statement)],
  });
  return { name: 'activate', to: contracts.distributor, data, value: 0n };
}
