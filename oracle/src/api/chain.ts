import type { AddressText } from './text.ts';

/** The contracts of a network, by what they do. */
export interface ChainContractsView {
  readonly timelock: AddressText;
  readonly token: AddressText;
  readonly emission: AddressText;
  readonly validators: AddressText;
  readonly hotspots: AddressText;
  /** Pays claims. */
  readonly distributor: AddressText;
}

/**
 * `GET /api/v1/chain`: where this oracle settles. Public facts only: which node it asks is its own business, and whoever asks
 * has a node, or a wallet, of his own. A page that was told a wrong address sees no root there that its proofs lead to.
 */
export interface ChainView {
  /** EIP-155. */
  readonly chainId: number;
  /** Nothing of this deployment is in an earlier block. */
  readonly fromBlock: number;
  readonly tokenDecimals: number;
  readonly contracts: ChainContractsView;
}
