import type { Address, PublicClient } from 'viem';
import type { Deployment } from '../chain/deployment.ts';
import { coverageTokenAbi } from '../generated/coverage-token.abi.ts';

/** Base units an account holds. */
export async function readBalance(
  client: Pick<PublicClient, 'readContract'>,
  { contracts }: Pick<Deployment, 'contracts'>,
  account: Address,
): Promise<bigint> {
  return client.readContract({
    address: contracts.token,
    abi: coverageTokenAbi,
    functionName: 'balanceOf',
    args: [account],
  });
}
