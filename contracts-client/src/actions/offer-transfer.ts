import { type Address, encodeFunctionData, type Hex } from 'viem';
import type { Call } from '../chain/call.ts';
import type { Deployment } from '../chain/deployment.ts';
import { hotspotRegistryAbi } from '../generated/hotspot-registry.abi.ts';

/** First step of a transfer; the zero address takes an offer back. Nothing changes before the new owner accepts. */
export function offerTransferCall({ contracts }: Pick<Deployment, 'contracts'>, key: Hex, to: Address): Call {
  const data = encodeFunctionData({ abi: hotspotRegistryAbi, functionName: 'offerTransfer', args: [key, to] });
  return { name: 'offerTransfer', to: contracts.hotspots, data, value: 0n };
}
