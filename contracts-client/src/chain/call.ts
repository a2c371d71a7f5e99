import type { Address, Hex } from 'viem';

/** A transaction to one of the contracts, not yet sent: pure data, the same for a wallet, a server and a browser. */
export interface Call {
  /** What it does, for people and errors: `claim`, `postEpoch`. */
  readonly name: string;
  readonly to: Address;
  readonly data: Hex;
  /** Wei. */
  readonly value: bigint;
}
