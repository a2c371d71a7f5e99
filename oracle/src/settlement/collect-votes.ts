import { type Deployment, signEpoch } from '@sextant/contracts-client';
import type { EpochStatement, EpochVote } from '@sextant/contracts-client/encoding';
import type { PrivateKeyAccount } from 'viem/accounts';
import type { VoteBook } from './vote-book.ts';

/** Where the signatures under an epoch come from: this validator alone, or a quorum. */
export interface VoteCollector {
  /** The attempt at which this content can still be signed, from the statement's own on. */
  attemptFor(statement: EpochStatement): number;
  /** Every vote there is for exactly this statement. */
  collect(statement: EpochStatement): Promise<readonly EpochVote[]>;
}

/** The only validator's votes: in the book first, then signed. */
export function soleVoter(
  deployment: Deployment,
  modules: { readonly account: PrivateKeyAccount; readonly book: VoteBook },
): VoteCollector {
  const { account, book } = modules;
  return {
    attemptFor: (statement) => book.firstFree(statement),
    async collect(statement) {
      await book.record(statement);
      return [await signEpoch(deployment, statement, account)];
    },
  };
}
