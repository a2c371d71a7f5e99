import {
  type Call,
  type EthereumProvider,
  FollowedTransaction,
  sendThroughWallet,
} from '@sextant/contracts-client/browser';
import type { HashText } from '@sextant/oracle/api';
import type { ClaimState } from '../state/rewards-state.ts';

export interface ClaimDeskModules {
  readonly show: (claim: ClaimState) => void;
  readonly setTimeout: (job: () => void, ms: number) => number;
  readonly clearTimeout: (timer: number) => void;
}

const LOOK_MS = 1_000;
/** Once it is in a block there is less to see. */
const LOOK_LATER_MS = 4_000;

/** Sends one claim at a time, and follows it until nothing can change any more. */
export class ClaimDesk {
  readonly #modules: ClaimDeskModules;
  #isSending = false;
  #timer: number | undefined;
  #followed: FollowedTransaction | undefined;

  constructor(modules: ClaimDeskModules) {
    this.#modules = modules;
  }

  /** Comes back with the transaction's hash; undefined while another is being sent. Errors as of `sendThroughWallet`. */
  async send(provider: EthereumProvider, call: Call, from: string): Promise<HashText | undefined> {
    if (this.#isSending) return undefined;
    this.#isSending = true;
    this.stop();
    this.#modules.show({ kind: 'confirming' });
    try {
      return (await sendThroughWallet(provider, call, from)).slice(2);
    } catch (error) {
      this.#modules.show({ kind: 'idle' });
      throw error;
    } finally {
      this.#isSending = false;
    }
  }

  /** Follows a transaction, of this page or of one before a reload. */
  follow(hash: HashText, provider: EthereumProvider): void {
    if (this.#followed?.hash === `0x${hash}` || this.#isSending) return;
    this.stop();
    this.#modules.show({ kind: 'sent', hash, known: true });
    this.#followed = new FollowedTransaction(`0x${hash}`, provider);
    void this.#look(this.#followed, hash);
  }

  stop(): void {
    if (this.#timer !== undefined) this.#modules.clearTimeout(this.#timer);
    this.#followed = undefined;
  }

  /** An endpoint that does not answer now is asked again. */
  async #look(followed: FollowedTransaction, hash: HashText): Promise<void> {
    const state = await followed.look().catch(() => undefined);
    if (this.#followed !== followed) return;
    if (state !== undefined) this.#modules.show({ ...state, hash });
    if (state?.kind === 'final' || state?.kind === 'failed' || state?.kind === 'replaced') return;
    const waitMs = state?.kind === 'included' ? LOOK_LATER_MS : LOOK_MS;
    this.#timer = this.#modules.setTimeout(() => void this.#look(followed, hash), waitMs);
  }
}
