import type { AmountText, OwnerView } from '@sextant/oracle/api';
import type { ChainAccount, Reasons } from '../state/rewards-state.ts';

/**
 * Which epochs made up what is shown: what can be claimed now; if that is nothing, what waits, or, where nobody could prove what
 * can be claimed, both; and without a chain to ask, everything. Undefined when nothing was earned.
 */
export function rangeOf(owner: OwnerView, account: ChainAccount | undefined): Omit<Reasons, 'items'> | undefined {
  const { epoch: newest, fromEpoch: from } = owner;
  if (newest === undefined || from === undefined) return undefined;
  if (account === undefined) return { of: 'earned', amount: owner.earned, from, to: newest };
  const proven = account.provenEpoch;
  if (account.claimable > 0n && proven !== undefined) {
    return { of: 'claimable', amount: String(account.claimable), from, to: Math.max(from, proven) };
  }
  return { of: account.unknown ? 'unclaimed' : 'waiting', amount: owner.unclaimed, from, to: newest };
}

/** What was earned and cannot be claimed yet, by why. Base units. */
export interface Waiting {
  /** In the posted epoch, which can still be vetoed. */
  readonly posted: bigint;
  /** In epochs nobody has posted yet, or, where `isSplit` is false, in any that are not claimable. */
  readonly later: bigint;
  readonly isSplit: boolean;
}

export function waitingOf(earned: AmountText, { claimed, claimable, postedTotal }: ChainAccount): Waiting {
  const proven = claimed + claimable;
  const atLeast0 = (amount: bigint): bigint => (amount > 0n ? amount : 0n);
  if (postedTotal === undefined) return { posted: 0n, later: atLeast0(BigInt(earned) - proven), isSplit: false };
  const posted = atLeast0(postedTotal - proven);
  return { posted, later: atLeast0(BigInt(earned) - proven - posted), isSplit: true };
}

/** What the shown keys do not explain: held rewards of earlier epochs that fell due, and keys that were his then. */
export function unexplained({ amount, items }: Reasons): bigint {
  const rest = items.reduce((sum, { paid }) => sum - BigInt(paid), BigInt(amount));
  return rest > 0n ? rest : 0n;
}
