import type { AddressText, AmountText, ChainView, HashText, OwnerRewardView, OwnerView } from '@sextant/oracle/api';
import type { Loaded } from './app-state.ts';

/** A wallet that can be chosen; its name is its own. */
export interface WalletChoice {
  readonly rdns: string;
  readonly name: string;
}

/** `asking`: its owner is to answer in the wallet itself. */
export type WalletState =
  | { readonly kind: 'none' }
  | { readonly kind: 'asking'; readonly name: string }
  | { readonly kind: 'connected'; readonly name: string; readonly account: AddressText; readonly chainId: number };

/** Why an answer of a mirror was not used, by its origin. */
export interface MirrorFault {
  readonly mirror: string;
  readonly fault: 'unreachable' | 'not_an_answer' | 'other_owner' | 'wrong_proof';
}

/** What the contracts say of an account, and what is proven to them. Amounts in base units. */
export interface ChainAccount {
  readonly claimed: bigint;
  /** A checked proof would pay this now. */
  readonly claimable: bigint;
  /** The epoch of that proof; absent without one. */
  readonly provenEpoch?: number;
  readonly balance: bigint;
  readonly faults: readonly MirrorFault[];
  /** No mirror could be asked: not the same as nothing to claim. */
  readonly unknown: boolean;
  /** The epoch that is posted, or is to be posted next. */
  readonly nextEpoch: number;
  /** It is posted and can be vetoed until then, Unix milliseconds. */
  readonly vetoEndsMs?: number;
  /** Earned up to and with the posted epoch, as this oracle says; absent where it does not know. */
  readonly postedTotal?: bigint;
}

/** A claim on its way. `hash`: of its transaction. */
export type ClaimState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'confirming' }
  /** `known`: the wallet's endpoint has it. */
  | { readonly kind: 'sent'; readonly hash: HashText; readonly known: boolean }
  | { readonly kind: 'included'; readonly hash: HashText; readonly block: number; readonly confirmations: number }
  | { readonly kind: 'final'; readonly hash: HashText; readonly block: number }
  | { readonly kind: 'failed'; readonly hash: HashText; readonly block: number }
  | { readonly kind: 'replaced'; readonly hash: HashText };

/** What the panel of an account's rewards shows. */
export interface RewardsState {
  readonly wallets: readonly WalletChoice[];
  readonly wallet: WalletState;
  /** Undefined inside: the network settles on no chain. */
  readonly chain: Loaded<ChainView | undefined>;
  /** Whose rewards are shown; absent until it is known. */
  readonly address?: AddressText | undefined;
  /** By this oracle's word. */
  readonly owner?: Loaded<OwnerView> | undefined;
  /** By the chain's word, read through the wallet. */
  readonly account?: Loaded<ChainAccount> | undefined;
  readonly reasons?: Loaded<Reasons> | undefined;
  readonly claim: ClaimState;
  /** What the last thing somebody did came to, when it is not to be seen otherwise. */
  readonly notice: string;
  /** Something is wrong that somebody can change. */
  readonly isTrouble: boolean;
}

/** What made up an amount. */
export interface Reasons {
  readonly of: 'claimable' | 'waiting' | 'unclaimed' | 'earned';
  readonly amount: AmountText;
  /** Epochs, both included. */
  readonly from: number;
  readonly to: number;
  readonly items: readonly OwnerRewardView[];
  /** Cursor of the next page. */
  readonly next?: string;
}
