import {
  ContractRefusedError,
  NoTransactionError,
  type ProviderFault,
  providerFault,
} from '@sextant/contracts-client/browser';
import type { ClaimState, MirrorFault } from '../state/rewards-state.ts';
import { counted, formatCount } from './quantities.ts';

/** What a visitor can make of a wallet's error. */
export interface ErrorWords {
  readonly text: string;
  /** False for what somebody wanted: to say no is no error. */
  readonly isTrouble: boolean;
}

const PROVIDER_WORDS: Readonly<Record<ProviderFault, string>> = {
  userRejected: 'You said no in the wallet. Nothing was sent.',
  unauthorized: 'The wallet does not let this page use that account. Connect it again.',
  disconnected: 'The wallet has no connection to its node. Try again when it has.',
  chainDisconnected: 'The wallet has no connection to this chain. Try again when it has.',
  unknownChain: 'The wallet does not know this chain. Add it in the wallet, from a source you trust, and switch again.',
  alreadyAsking: 'The wallet has a question open already. Answer it there.',
};

const REFUSAL_WORDS: Readonly<Record<string, string>> = {
  BadProof: 'The contract does not accept this proof any more: newer epochs took the place of its root. Look again.',
};

/** An error of a wallet, of its node or of a contract, in words. */
export function errorWords(error: unknown): ErrorWords {
  if (error instanceof ContractRefusedError) {
    const text =
      REFUSAL_WORDS[error.code] ?? `The contract refuses the claim: ${error.code} (${error.facts.join(', ')}).`;
    return { text: `${text} Nothing was sent.`, isTrouble: true };
  }
  if (error instanceof NoTransactionError) return { text: error.message, isTrouble: true };
  const fault = providerFault(error);
  if (fault !== undefined) return { text: PROVIDER_WORDS[fault], isTrouble: fault !== 'userRejected' };
  const message = (error as { message?: unknown } | null)?.message;
  return { text: `The wallet could not do it: ${String(message ?? error).slice(0, MAX_MESSAGE)}`, isTrouble: true };
}

const MAX_MESSAGE = 200;

export const MIRROR_FAULT_WORDS: Readonly<Record<MirrorFault['fault'], string>> = {
  unreachable: 'did not answer',
  not_an_answer: 'sent something that is no proof',
  other_owner: 'sent a proof of somebody else',
  wrong_proof: 'sent a proof that does not lead to the root on the chain',
};

/** Where a claim is. */
export function claimWords(claim: ClaimState): string {
  switch (claim.kind) {
    case 'idle':
      return '';
    case 'confirming':
      return 'Confirm the claim in the wallet.';
    case 'sent':
      return claim.known
        ? 'Claim sent; it is in no block yet.'
        : 'Claim sent, but the wallet’s node does not know it. It may have been dropped: look into the wallet.';
    case 'included':
      return `Claim paid in block ${formatCount(claim.block)}, ${counted(claim.confirmations, 'confirmation')}; not final yet.`;
    case 'final':
      return `Claim paid, final in block ${formatCount(claim.block)}.`;
    case 'failed':
      return `The claim failed in block ${formatCount(claim.block)}: something changed on the chain meanwhile. Look again.`;
    case 'replaced':
      return 'The wallet sent another transaction in its place. What is claimable now is shown above.';
  }
}
