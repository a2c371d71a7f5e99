import { bytesToHex, equalBytes } from '@sextant/firmware-bridge/protocol';
import type { EpochResult, EpochState } from '../core/index.ts';

/** Whose a hotspot is after an epoch, and what the chain's registry says about it. */
export interface Ownership {
  /** EVM address, 20 bytes; absent when the deposit that made the key known has left. */
  readonly owner?: Uint8Array;
  /** Where his pay goes, if not to himself. */
  readonly payout?: Uint8Array;
  /** Absent when it does not stand in the registry. */
  readonly frozen?: boolean;
  /** Up to where the registry was read. */
  readonly block: number;
}

/** Undefined while no registry has been read. */
export function ownershipOf({ state }: EpochResult<EpochState>, key: Uint8Array): Ownership | undefined {
  const { reference, holdings, payouts } = state.registry;
  if (!reference) return undefined;
  const owner = state.participants.find((participant) => equalBytes(participant.key, key))?.owner;
  const payout = owner && payouts.find((entry) => equalBytes(entry.owner, owner))?.payout;
  const holding = holdings.find((entry) => equalBytes(entry.key, key));
  return {
    block: reference.block,
    ...(owner ? { owner } : {}),
    ...(payout ? { payout } : {}),
    ...(holding ? { frozen: holding.frozen } : {}),
  };
}

export function ownershipLines({ owner, payout, frozen, block }: Ownership): string[] {
  if (!owner) return [`Owner: nobody. Its deposit has left the registry by block ${block}: register it again.`];
  const standing = frozen === undefined ? 'not in the registry' : 'in the registry';
  return [
    `Owner: 0x${bytesToHex(owner)}, ${standing} as of block ${block} of the chain`,
    ...(payout ? [`  what he earns is added to 0x${bytesToHex(payout)}, as he said there`] : []),
    ...(frozen
      ? ['  frozen: it earns nothing, and what is held waits, until its owner runs  sextant-claim freeze KEY --undo']
      : []),
  ];
}
