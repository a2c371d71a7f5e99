import { type Address, encodeFunctionData, type Hex } from 'viem';
import type { Call } from '../chain/call.ts';
import type { Deployment } from '../chain/deployment.ts';
import { hotspotRegistryAbi } from '../generated/hotspot-registry.abi.ts';

/** Second step of a transfer, by the new owner; the deposit goes along. */
export function acceptTransferCall({ contracts }: Pick<Deployment, 'contracts'>, key: Hex, from: Address): Call {
  const data = encodeFunctionData({ abi: hotspotRegistryAbi, functionName: 'acceptTransfer', args: [key, from] });
  return { name: 'acceptTransfer', to: contracts.hotspots, data, value: 0n };
}
