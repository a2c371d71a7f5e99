import { bytesToHex, encodeFunctionData } from 'viem';
import type { Call } from '../chain/call.ts';
import type { Deployment } from '../chain/deployment.ts';
import {
  assembleVotes,
  type EpochStatement,
  type EpochVote,
  packAccounts,
  type ValidatorSet,
} from '../encoding/index.ts';
import { rewardDistributorAbi } from '../generated/reward-distributor.abi.ts';
import { epochArgument, signatureArguments } from './epoch-argument.ts';

/** Posts an epoch with the votes of its set. Throws RangeError for votes that no contract could take. */
export function postEpochCall(
  { contracts }: Pick<Deployment, 'contracts'>,
  statement: EpochStatement,
  set: ValidatorSet,
  votes: readonly EpochVote[],
): Call {
  const { signers, signatures } = assembleVotes(set, votes);
  return {
    name: 'postEpoch',
    to: contracts.distributor,
    data: encodeFunctionData({
      abi: rewardDistributorAbi,
      functionName: 'postEpoch',
      args: [
        epochArgument(statement),
        set.threshold,
        bytesToHex(packAccounts(set.accounts)),
        signers,
        signatureArguments(signatures),
      ],
    }),
    value: 0n,
  };
}
