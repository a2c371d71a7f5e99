import { type Address, encodeFunctionData, type Hex } from 'viem';
import type { Call } from '../chain/call.ts';
import type { Deployment } from '../chain/deployment.ts';
import { hotspotRegistryAbi } from '../generated/hotspot-registry.abi.ts';

/** Takes the deposit of a hotspot that was given up. */
export function releaseHotspotCall({ contracts }: Pick<Deployment, 'contracts'>, key: Hex, to: Address): Call {
  const data = encodeFunctionData({ abi: hotspotRegistryAbi, functionName: 'release', args: [key, to] });
  return { name: 'release', to: contracts.hotspots, data, value: 0n };
}
