import { encodeFunctionData, type Hex } from 'viem';
import type { Call } from '../chain/call.ts';
import type { Deployment } from '../chain/deployment.ts';
import { hotspotRegistryAbi } from '../generated/hotspot-registry.abi.ts';

/** For a stolen hotspot: frozen, it earns nothing and cannot be transferred or released. */
export function freezeHotspotCall({ contracts }: Pick<Deployment, 'contracts'>, key: Hex, frozen: boolean): Call {
  const data = encodeFunctionData({ abi: hotspotRegistryAbi, functionName: 'setFrozen', args: [key, frozen] });
  return { name: 'setFrozen', to: contracts.hotspots, data, value: 0n };
}
