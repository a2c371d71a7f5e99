import {
  claimRewardsCall,
  type Deployment,
  findClaimable,
  readBalance,
  readHolding,
  readRequiredDeposit,
  registerHotspotCall,
  submitCall,
} from '@sextant/contracts-client';
import { createWalletClient, http, type PublicClient } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { ChainRequest, DemoClaimed, DemoOwner } from './chain-messages.ts';
import { giveCoins } from './demo-deployment.ts';

export interface DemoChain {
  readonly rpcUrl: string;
  readonly deployment: Deployment;
  readonly reader: PublicClient;
}

/** Registers hotspots that are not registered yet, as their owners would. Returns how many are now. */
export async function registerOwners(
  { owners }: Pick<Extract<ChainRequest, { type: 'chain/register' }>, 'owners'>,
  { rpcUrl, deployment, reader }: DemoChain,
): Promise<number> {
  const deposit = await readRequiredDeposit(reader, deployment);
  for (const { key, possession, ownerKey } of owners) {
    const account = privateKeyToAccount(`0x${ownerKey}`);
    const holding = await readHolding(reader, deployment, `0x${key}`, account.address);
    if (holding.deposit > 0n) continue;
    await giveCoins(rpcUrl, account.address);
    const wallet = createWalletClient({ transport: http(rpcUrl), account });
    await submitCall({ reader, wallet }, registerHotspotCall(deployment, `0x${key}`, `0x${possession}`, deposit));
  }
  return owners.length;
}

/** Claims for the first of `claimants` that has something to claim; undefined while none has. */
export async function claimForOne(
  claimants: readonly DemoOwner[],
  apiUrl: string,
  { rpcUrl, deployment, reader }: DemoChain,
): Promise<DemoClaimed | undefined> {
  for (const { hotspot, ownerKey } of claimants) {
    const account = privateKeyToAccount(`0x${ownerKey}`);
    const { proof, amount } = await findClaimable(reader, deployment, account.address, [apiUrl], fetch);
    if (!proof || amount === 0n) continue;
    await giveCoins(rpcUrl, account.address);
    const wallet = createWalletClient({ transport: http(rpcUrl), account });
    await submitCall({ reader, wallet }, claimRewardsCall(deployment, proof));
    const balance = await readBalance(reader, deployment, account.address);
    const { epoch } = proof;
    return {
      type: 'chain/claimed',
      hotspot,
      owner: account.address,
      epoch,
      paid: String(amount),
      balance: String(balance),
    };
  }
  return undefined;
}
