import { bytesToHex, compareBytes, equalBytes } from '@sextant/firmware-bridge/protocol';
import type { FoldedRegistry } from './fold-registry.ts';
import type { HoldingState, PayoutState, RegistryState } from './registry-state.ts';

export interface NextRegistryInputs {
  readonly folded: FoldedRegistry;
  /** Hex of a key → the one it has handed over to in this epoch. */
  readonly heirs: ReadonlyMap<string, Uint8Array>;
  /** Hex of the addresses that own something, or were paid before. */
  readonly owners: ReadonlySet<string>;
  /** How many payouts of others are kept. */
  readonly idlePayouts: number;
}

/**
 * What the next epoch starts from. A holding follows its participant to the key it hands over to. Anybody can name a payout
 * for a little gas: of those who own nothing only the newest are kept.
 */
export function nextRegistry({ folded, heirs, owners, idlePayouts }: NextRegistryInputs): RegistryState {
  const holdings = [...folded.holdings].map(([name, holding]): HoldingState => {
    const heir = heirs.get(name);
    return heir ? { ...holding, key: heir } : holding;
  });
  const payouts = [...folded.payouts.values()].filter(({ owner, payout }) => !isOwn(owner, payout));
  const [owning, idle] = [true, false].map((wanted) =>
    payouts.filter(({ owner }) => owners.has(bytesToHex(owner)) === wanted),
  );
  const newest = (idle ?? []).sort((a, b) => b.block - a.block || b.logIndex - a.logIndex).slice(0, idlePayouts);
  return {
    ...(folded.reference ? { reference: folded.reference } : {}),
    holdings: holdings.sort((a, b) => compareBytes(a.key, b.key)),
    payouts: [...(owning ?? []), ...newest].sort((a, b) => compareBytes(a.owner, b.owner)),
  };
}

/** Who is paid when the owner is to be. */
export function payeeOf(payouts: ReadonlyMap<string, PayoutState>, owner: Uint8Array): Uint8Array {
  const named = payouts.get(bytesToHex(owner))?.payout;
  return named && !isOwn(owner, named) ? named : owner;
}

/** The zero address takes it back. */
const isOwn = (owner: Uint8Array, payout: Uint8Array): boolean =>
  equalBytes(owner, payout) || payout.every((byte) => byte === 0);
