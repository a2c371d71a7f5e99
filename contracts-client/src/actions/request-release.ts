import { encodeFunctionData, type Hex } from 'viem';
import type { Call } from '../chain/call.ts';
import type { Deployment } from '../chain/deployment.ts';
import { hotspotRegistryAbi } from '../generated/hotspot-registry.abi.ts';

/** Gives a hotspot up; its deposit may leave after the registry's delay. */
export function requestReleaseCall({ contracts }: Pick<Deployment, 'contracts'>, key: Hex): Call {
  const data = encodeFunctionData({ abi: hotspotRegistryAbi, functionName: 'requestRelease', args: [key] });
  return { name: 'requestRelease', to: contracts.hotspots, data, value: 0n };
}
