import type { Address, PublicClient } from 'viem';
import type { Deployment } from '../chain/deployment.ts';

/** The one question here, and not the token's whole ABI: pages load this. */
const BALANCE_ABI = [
  {
    type: 'function',
    name: 'balanceOf',
    stateMutability: 'view',
    inputs: [{ name: 'account', type: 'address' }],
    outputs: [{ name: '', type: 'uint256' }],
  },
] as const;

/** Base units an account holds. */
export async function readBalance(
  client: Pick<PublicClient, 'readContract'>,
  { contracts }: Pick<Deployment, 'contracts'>,
  account: Address,
): Promise<bigint> {
  return client.readContract({
    address: contracts.token,
    abi: BALANCE_ABI,
    functionName: 'balanceOf',
    args: [account],
  });
}
