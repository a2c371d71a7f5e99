import type { Address, Hex, PublicClient } from 'viem';
import type { Deployment } from '../chain/deployment.ts';
import { hotspotRegistryAbi } from '../generated/hotspot-registry.abi.ts';

/** What an owner holds of a hotspot; all zero when it is not his. */
export interface Holding {
  /** Wei. */
  readonly deposit: bigint;
  readonly frozen: boolean;
  readonly offeredTo: Address;
  /** Unix time from which the deposit may leave; absent while no release was asked for. */
  readonly releasableAtSeconds?: number;
}

export async function readHolding(
  client: Pick<PublicClient, 'readContract'>,
  { contracts }: Pick<Deployment, 'contracts'>,
  key: Hex,
  owner: Address,
): Promise<Holding> {
  const [deposit, releasableAt, frozen, offeredTo] = await client.readContract({
    address: contracts.hotspots,
    abi: hotspotRegistryAbi,
    functionName: 'holdings',
    args: [key, owner],
  });
  return { deposit, frozen, offeredTo, ...(releasableAt === 0n ? {} : { releasableAtSeconds: Number(releasableAt) }) };
}

/** Wei that a registration costs and a release gives back. */
export async function readRequiredDeposit(
  client: Pick<PublicClient, 'readContract'>,
  { contracts }: Pick<Deployment, 'contracts'>,
): Promise<bigint> {
  return client.readContract({ address: contracts.hotspots, abi: hotspotRegistryAbi, functionName: 'requiredDeposit' });
}
