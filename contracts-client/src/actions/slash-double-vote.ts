import { encodeFunctionData } from 'viem';
import type { Call } from '../chain/call.ts';
import type { Deployment } from '../chain/deployment.ts';
import type { EpochStatement } from '../encoding/index.ts';
import { rewardDistributorAbi } from '../generated/reward-distributor.abi.ts';
import { epochArgument, signatureArgument } from './epoch-argument.ts';

export interface SignedStatement {
  readonly statement: EpochStatement;
  /** EIP-2098, 64 bytes. */
  readonly signature: Uint8Array;
}

/** Convicts a validator of two different votes for one (epoch, attempt); its bond is lost, a tenth of it to the sender. */
export function slashDoubleVoteCall(
  { contracts }: Pick<Deployment, 'contracts'>,
  a: SignedStatement,
  b: SignedStatement,
): Call {
  const data = encodeFunctionData({
    abi: rewardDistributorAbi,
    functionName: 'slashDoubleVote',
    args: [
      epochArgument(a.statement),
      signatureArgument(a.signature),
      epochArgument(b.statement),
      signatureArgument(b.signature),
    ],
  });
  return { name: 'slashDoubleVote', to: contracts.distributor, data, value: 0n };
}
