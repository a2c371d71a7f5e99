/** What a chain's hotspot registry says from one block to another, or a part of it. */
export interface RegistryEvents {
  readonly kind: 'registry_events';
  readonly chainId: number;
  /** EVM address, 20 bytes. */
  readonly registry: Uint8Array;
  /** The first block it was read from. */
  readonly fromBlock: number;
  /** The last one: final when it was read. */
  readonly referenceBlock: number;
  /** 32 bytes. */
  readonly referenceHash: Uint8Array;
  /** From 0, of `parts`; it counts when all are there. */
  readonly part: number;
  readonly parts: number;
  /** In the order of the chain. */
  readonly events: readonly RegistryEvent[];
}

/** Keys are 32 bytes, addresses 20. */
export type RegistryEvent = {
  readonly block: number;
  /** Of the log in its block. */
  readonly logIndex: number;
} & (
  | {
      readonly event: 'registered';
      readonly key: Uint8Array;
      readonly owner: Uint8Array;
      /** The key's signature over the registration message, 64 bytes. */
      readonly possession: Uint8Array;
    }
  | { readonly event: 'transferred'; readonly key: Uint8Array; readonly from: Uint8Array; readonly to: Uint8Array }
  | { readonly event: 'frozen'; readonly key: Uint8Array; readonly owner: Uint8Array; readonly frozen: boolean }
  /** The deposit has left. */
  | { readonly event: 'released'; readonly key: Uint8Array; readonly owner: Uint8Array }
  /** 20 zero bytes: the owner himself again. */
  | { readonly event: 'payout_changed'; readonly owner: Uint8Array; readonly payout: Uint8Array }
);

/** Events in one record: 256 of the longest are 38 kB, and an entry holds 64. */
export const REGISTRY_EVENTS_MAX = 256;
/** Parts of one reading: a million events. */
export const REGISTRY_PARTS_MAX = 4_096;
