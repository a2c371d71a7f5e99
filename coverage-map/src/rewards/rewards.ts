import { claimRewardsCall, switchChain } from '@sextant/contracts-client/browser';
import type { AddressText, ChainView } from '@sextant/oracle/api';
import { failed, LOADING, type Loaded, ready } from '../state/app-state.ts';
import type { ChainAccount, Reasons, RewardsState, WalletState } from '../state/rewards-state.ts';
import type { OwnerSelection } from '../state/view-state.ts';
import { claimWords, errorWords } from '../words/claims.ts';
import { formatTokens } from '../words/quantities.ts';
import { ClaimDesk } from './claim-desk.ts';
import type { OwnerApi } from './owner-api.ts';
import { proofFromText } from './pasted-proof.ts';
import { deploymentOf, type ReadAccount, readAccount } from './read-account.ts';
import { rangeOf } from './reward-range.ts';
import { WalletSession } from './wallet-session.ts';

export interface RewardsModules {
  readonly api: OwnerApi;
  readonly page: EventTarget & { readonly ethereum?: unknown };
  readonly mirror: string;
  readonly fetch: typeof fetch;
  readonly setTimeout: (job: () => void, ms: number) => number;
  readonly clearTimeout: (timer: number) => void;
  readonly show: (change: Partial<RewardsState>) => void;
  readonly announce: (text: string) => void;
  /** Puts the claim into the URL, so that a reload goes on following it. */
  readonly keepClaim: (hash: string) => void;
}

export const NO_REWARDS: RewardsState = {
  wallets: [],
  wallet: { kind: 'none' },
  chain: LOADING,
  claim: { kind: 'idle' },
  notice: '',
  isTrouble: false,
};

/** The panel of an account's rewards: what it shows, and what one can do there. */
export class Rewards {
  readonly #modules: RewardsModules;
  readonly #session: WalletSession;
  readonly #desk: ClaimDesk;
  #selection: OwnerSelection | undefined;
  #wallet: WalletState = { kind: 'none' };
  #chain: ChainView | undefined;
  #read: ReadAccount | undefined;
  #shownAddress: AddressText | undefined;
  #claimKind = 'idle';
  /** What was read out last. */
  #announced: bigint | undefined;
  /** Answers to an earlier question are dropped. */
  #question = 0;

  constructor(modules: RewardsModules) {
    this.#modules = modules;
    const { show, setTimeout, clearTimeout } = modules;
    this.#desk = new ClaimDesk({
      setTimeout,
      clearTimeout,
      show: (claim) => {
        const before = this.#claimKind;
        this.#claimKind = claim.kind;
        show({ claim });
        if (before === claim.kind) return;
        modules.announce(claimWords(claim));
        if (claim.kind === 'included' || claim.kind === 'replaced') void this.refresh();
      },
    });
    this.#session = new WalletSession(
      { onWallets: (wallets) => show({ wallets }), onWallet: (wallet) => this.#walletChanged(wallet) },
      { page: modules.page },
    );
    void this.#begin();
  }

  /** The panel was opened, or another account is looked at; undefined: it was closed. */
  select(selection: OwnerSelection | undefined): void {
    this.#selection = selection;
    if (selection !== undefined) void this.refresh();
  }

  connect(rdns: string): void {
    void this.#attempt(() => this.#session.connect(rdns));
  }

  disconnect(): void {
    this.#session.disconnect();
  }

  /** Asks the wallet to change to the network's chain. */
  switchChain(): void {
    const { provider } = this.#session;
    const chain = this.#chain;
    if (provider === undefined || chain === undefined) return;
    void this.#attempt(async () => {
      await switchChain(provider, chain.chainId);
      await this.#session.refresh();
    });
  }

  /** Sends what the checked proof pays to its owner. Asked again meanwhile it does nothing. */
  claim(): void {
    void this.#attempt(async () => {
      await this.#session.refresh();
      const { provider } = this.#session;
      const [wallet, chain, proof] = [this.#wallet, this.#chain, this.#read?.claimable.proof];
      if (provider === undefined || wallet.kind !== 'connected' || chain === undefined || proof === undefined) return;
      if (wallet.chainId !== chain.chainId) return;
      const hash = await this.#desk.send(provider, claimRewardsCall(deploymentOf(chain), proof), wallet.account);
      if (hash === undefined) return;
      this.#desk.follow(hash, provider);
      this.#modules.keepClaim(hash);
    });
  }

  /** Takes a proof that somebody fetched from another mirror, if it leads to a root on the chain. */
  useProof(text: string): void {
    void this.#attempt(async () => {
      const { provider } = this.#session;
      const [chain, read, address] = [this.#chain, this.#read, this.#address()];
      if (provider === undefined || chain === undefined || read === undefined || address === undefined) return;
      const found = await proofFromText(text, deploymentOf(chain), address, provider);
      if (typeof found === 'string') {
        this.#notify(found, true);
        return;
      }
      const amount = found.cumulative - read.shown.claimed;
      const claimable = amount > 0n ? amount : 0n;
      this.#read = {
        claimable: { ...read.claimable, proof: found, amount: claimable },
        shown: { ...read.shown, claimable, provenEpoch: found.epoch, faults: [], unknown: false },
      };
      this.#modules.show({ account: ready(this.#read.shown) });
      await this.#loadReasons(address, ++this.#question);
    });
  }

  /** Reads everything again: the oracle's word, and the chain's through the wallet. */
  async refresh(): Promise<void> {
    const question = ++this.#question;
    const address = this.#address();
    const { show } = this.#modules;
    if (this.#shownAddress !== address) {
      this.#shownAddress = address;
      this.#read = undefined;
      show({ address, owner: undefined, account: undefined, reasons: undefined });
    }
    this.#followKept();
    if (address === undefined || this.#selection === undefined) return;
    const read = await this.#readAccount(address);
    if (question !== this.#question) return;
    this.#read = read?.state === 'ready' ? read.value : undefined;
    show({ account: read?.state === 'ready' ? ready(read.value.shown) : read });
    if (read?.state === 'ready') this.#announceClaimable(read.value.shown);
    await this.#loadReasons(address, question);
  }

  /** More of the reasons that are shown. */
  more(reasons: Reasons): void {
    const address = this.#address();
    const question = this.#question;
    if (address === undefined) return;
    void this.#modules.api.rewards(address, reasons, reasons.next).then(
      ({ items, next }) => {
        if (question !== this.#question) return;
        const { next: _, ...shown } = reasons;
        const all = { ...shown, items: [...reasons.items, ...items], ...(next === undefined ? {} : { next }) };
        this.#modules.show({ reasons: ready(all) });
      },
      () => this.#notify('The others could not be fetched.', true),
    );
  }

  async #begin(): Promise<void> {
    const chain = await this.#modules.api.chain().then(ready, failed);
    this.#chain = chain.state === 'ready' ? chain.value : undefined;
    this.#modules.show({ chain });
    if (this.#chain !== undefined) await this.#session.resume();
    await this.refresh();
  }

  #address(): AddressText | undefined {
    return this.#selection?.address ?? (this.#wallet.kind === 'connected' ? this.#wallet.account : undefined);
  }

  /** Undefined while no wallet on the right chain is there to read it with. */
  async #readAccount(address: AddressText): Promise<Loaded<ReadAccount> | undefined> {
    const { provider } = this.#session;
    const [wallet, chain] = [this.#wallet, this.#chain];
    if (provider === undefined || chain === undefined) return undefined;
    if (wallet.kind !== 'connected' || wallet.chainId !== chain.chainId) return undefined;
    if (this.#read === undefined) this.#modules.show({ account: LOADING });
    return readAccount(chain, address, { ...this.#modules, provider }).then(ready, (error: unknown) =>
      failed(new Error(errorWords(error).text)),
    );
  }

  #announceClaimable({ claimable, unknown }: ChainAccount): void {
    if (this.#announced === claimable) return;
    this.#announced = claimable;
    if (!unknown) this.#modules.announce(`${formatTokens(String(claimable))} tokens can be claimed now.`);
  }

  async #loadReasons(address: AddressText, question: number): Promise<void> {
    const { api, show } = this.#modules;
    const account = this.#read?.shown;
    const owner = await api.owner(address, account?.claimed ?? 0n).then(ready, failed);
    if (question !== this.#question) return;
    show({ owner });
    if (owner.state !== 'ready') return;
    const range = rangeOf(owner.value, account);
    if (range === undefined) {
      show({ reasons: undefined });
      return;
    }
    const page = await api.rewards(address, range).then((found) => ready({ ...range, ...found }), failed);
    if (question === this.#question) show({ reasons: page });
  }

  #walletChanged(wallet: WalletState): void {
    this.#wallet = wallet;
    this.#modules.show({ wallet, notice: '', isTrouble: false });
    if (wallet.kind === 'asking') return;
    if (wallet.kind === 'none') this.#desk.stop();
    this.#read = undefined;
    this.#modules.show({ account: undefined });
    void this.refresh();
  }

  /** A claim of before a reload is followed as soon as there is a wallet to ask. */
  #followKept(): void {
    const claim = this.#selection?.claim;
    const { provider } = this.#session;
    const isHere = this.#wallet.kind === 'connected' && this.#wallet.chainId === this.#chain?.chainId;
    if (claim !== undefined && provider !== undefined && isHere) this.#desk.follow(claim, provider);
  }

  async #attempt(job: () => Promise<void>): Promise<void> {
    this.#notify('', false);
    try {
      await job();
    } catch (error) {
      const { text, isTrouble } = errorWords(error);
      this.#notify(text, isTrouble);
    }
  }

  #notify(notice: string, isTrouble: boolean): void {
    this.#modules.show({ notice, isTrouble });
    if (notice !== '') this.#modules.announce(notice);
  }
}
