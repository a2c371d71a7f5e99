import type { Address } from 'viem';

/** A proof that an epoch's root owes an account so much: worth nothing until it was checked against a root on the chain. */
export interface OwnerProof {
  readonly epoch: number;
  readonly owner: Address;
  /** Base units since epoch 0. */
  readonly cumulative: bigint;
  /** Sibling hashes from the leaf up, 32 bytes each. */
  readonly path: readonly Uint8Array[];
}
