import { encodeFunctionData, type Hex } from 'viem';
import type { Call } from '../chain/call.ts';
import type { Deployment } from '../chain/deployment.ts';
import { hotspotRegistryAbi } from '../generated/hotspot-registry.abi.ts';

/** Registers a hotspot's key for the sender. `possession` is the key's signature of the registration message; `deposit` in wei. */
export function registerHotspotCall(
  { contracts }: Pick<Deployment, 'contracts'>,
  key: Hex,
  possession: Hex,
  deposit: bigint,
): Call {
  const data = encodeFunctionData({ abi: hotspotRegistryAbi, functionName: 'register', args: [key, possession] });
  return { name: 'register', to: contracts.hotspots, data, value: deposit };
}
