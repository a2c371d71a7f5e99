/** Up to where a chain's hotspot registry is known. */
export interface RegistryReference {
  readonly chainId: number;
  /** The registry, EVM address of 20 bytes: the one that M validators first agreed on. */
  readonly registry: Uint8Array;
  /** The reference block. */
  readonly block: number;
  /** Of it, 32 bytes. */
  readonly hash: Uint8Array;
}

/** A participant that stands in the registry. Its owner is the participant's. */
export interface HoldingState {
  /** The participant's key now. */
  readonly key: Uint8Array;
  /** The key the registry has it under: another one after a succession. */
  readonly registeredKey: Uint8Array;
  readonly frozen: boolean;
}

/** Where an owner's pay goes. */
export interface PayoutState {
  readonly owner: Uint8Array;
  readonly payout: Uint8Array;
  /** Where the owner said so. */
  readonly block: number;
  readonly logIndex: number;
}

/** What the registry says, as far as the closed epochs have read it. */
export interface RegistryState {
  /** Absent until the first reading that M validators agree on. */
  readonly reference?: RegistryReference;
  /** By key. */
  readonly holdings: readonly HoldingState[];
  /** By owner. */
  readonly payouts: readonly PayoutState[];
}

export const EMPTY_REGISTRY: RegistryState = Object.freeze({ holdings: [], payouts: [] });
