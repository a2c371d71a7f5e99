import { type Address, encodeFunctionData } from 'viem';
import type { Call } from '../chain/call.ts';
import type { Deployment } from '../chain/deployment.ts';
import { hotspotRegistryAbi } from '../generated/hotspot-registry.abi.ts';

/** Sends what the sender's hotspots earn from the next epoch on to another account; the zero address: to the sender again. */
export function setPayoutCall({ contracts }: Pick<Deployment, 'contracts'>, payout: Address): Call {
  const data = encodeFunctionData({ abi: hotspotRegistryAbi, functionName: 'setPayout', args: [payout] });
  return { name: 'setPayout', to: contracts.hotspots, data, value: 0n };
}
