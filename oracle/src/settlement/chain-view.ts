import type { Deployment } from '@sextant/contracts-client';
import { type AddressText, type ChainContractsView, type ChainView, TOKEN_DECIMALS } from '../api/index.ts';

/** A deployment as the API tells it. */
export function chainView({ chainId, fromBlock, contracts }: Deployment): ChainView {
  const lower = Object.entries(contracts).map(([name, address]): [string, AddressText] => [
    name,
    address.toLowerCase(),
  ]);
  return {
    chainId,
    fromBlock,
    tokenDecimals: TOKEN_DECIMALS,
    contracts: Object.fromEntries(lower) as unknown as ChainContractsView,
  };
}
