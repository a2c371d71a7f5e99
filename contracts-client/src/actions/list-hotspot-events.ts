import type { Address, Hex, PublicClient } from 'viem';
import type { Deployment } from '../chain/deployment.ts';
import { hotspotRegistryAbi } from '../generated/hotspot-registry.abi.ts';

interface Placed {
  readonly block: number;
  readonly logIndex: number;
}

/** What an epoch has to know of the registry, in the order of the chain. Keys are 32 bytes. */
export type HotspotEvent = Placed &
  (
    | { readonly kind: 'registered'; readonly key: Hex; readonly owner: Address; readonly possession: Hex }
    | { readonly kind: 'transferred'; readonly key: Hex; readonly from: Address; readonly to: Address }
    | { readonly kind: 'frozen'; readonly key: Hex; readonly owner: Address; readonly frozen: boolean }
    | { readonly kind: 'released'; readonly key: Hex; readonly owner: Address }
    | { readonly kind: 'payout_changed'; readonly owner: Address; readonly payout: Address }
  );

/** The registry's events of the blocks from `from` to `to`, both included, in the order of the chain. */
export async function listHotspotEvents(
  client: Pick<PublicClient, 'getContractEvents'>,
  { contracts }: Pick<Deployment, 'contracts'>,
  from: bigint,
  to: bigint,
): Promise<readonly HotspotEvent[]> {
  const events = await client.getContractEvents({
    address: contracts.hotspots,
    abi: hotspotRegistryAbi,
    fromBlock: from,
    toBlock: to,
    strict: true,
  });
  return events.flatMap((event): HotspotEvent[] => {
    const placed = { block: Number(event.blockNumber), logIndex: event.logIndex };
    switch (event.eventName) {
      case 'HotspotRegistered': {
        const { key, owner, possession } = event.args;
        return [{ ...placed, kind: 'registered', key, owner, possession }];
      }
      case 'HotspotTransferred':
        return [{ ...placed, kind: 'transferred', ...event.args }];
      case 'HotspotFrozen':
        return [{ ...placed, kind: 'frozen', ...event.args }];
      case 'HotspotReleased': {
        const { key, owner } = event.args;
        return [{ ...placed, kind: 'released', key, owner }];
      }
      case 'PayoutChanged':
        return [{ ...placed, kind: 'payout_changed', ...event.args }];
      case 'TransferOffered':
      case 'ReleaseRequested':
        return [];
    }
  });
}
