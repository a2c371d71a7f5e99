import {
  accountsOf,
  type DiscoveredWallet,
  discoverWallets,
  type EthereumProvider,
  quantity,
  readAccounts,
  readChainId,
} from '@sextant/contracts-client/browser';
import type { WalletChoice, WalletState } from '../state/rewards-state.ts';

export interface WalletSessionOptions {
  readonly onWallets: (wallets: readonly WalletChoice[]) => void;
  readonly onWallet: (wallet: WalletState) => void;
}

/** The wallets of the browser, and the one that is connected. Nothing of it is stored: after a reload the wallet itself remembers. */
export class WalletSession {
  readonly #options: WalletSessionOptions;
  #wallets: readonly DiscoveredWallet[] = [];
  #connected: DiscoveredWallet | undefined;
  #account = '';
  #chainId = 0;

  constructor(
    options: WalletSessionOptions,
    modules: { readonly page: EventTarget & { readonly ethereum?: unknown } },
  ) {
    this.#options = options;
    discoverWallets(modules.page, (wallets) => {
      this.#wallets = wallets;
      options.onWallets(wallets.map(({ rdns, name }) => ({ rdns, name })));
    });
  }

  /** The connected wallet's provider, undefined while none is. */
  get provider(): EthereumProvider | undefined {
    return this.#connected?.provider;
  }

  /** Connects the only wallet that already lets this page see an account, without asking anybody. */
  async resume(): Promise<void> {
    const open = await Promise.all(
      this.#wallets.map(async (wallet) => {
        const accounts = await readAccounts(wallet.provider, false).catch(() => []);
        return accounts.length > 0 ? [wallet] : [];
      }),
    );
    const [only, another] = open.flat();
    if (only !== undefined && another === undefined && this.#connected === undefined) await this.#open(only, false);
  }

  /** Asks the wallet's owner. Errors are the provider's; nothing is connected then. */
  async connect(rdns: string): Promise<void> {
    const wallet = this.#wallets.find((each) => each.rdns === rdns);
    if (wallet === undefined) return;
    this.#options.onWallet({ kind: 'asking', name: wallet.name });
    try {
      await this.#open(wallet, true);
    } finally {
      if (this.#connected !== wallet) this.disconnect();
    }
  }

  /** Forgets the wallet; only its owner can take back the permission it gave. */
  disconnect(): void {
    this.#listen(false);
    this.#connected = undefined;
    this.#options.onWallet({ kind: 'none' });
  }

  /** Asks again which account and chain it is on: what events said may be late. */
  async refresh(): Promise<void> {
    const { provider } = this;
    if (provider === undefined) return;
    const [accounts, chainId] = await Promise.all([readAccounts(provider, false), readChainId(provider)]);
    this.#tell(accounts, chainId);
  }

  async #open(wallet: DiscoveredWallet, ask: boolean): Promise<void> {
    const accounts = await readAccounts(wallet.provider, ask);
    const chainId = await readChainId(wallet.provider);
    this.#listen(false);
    this.#connected = wallet;
    this.#listen(true);
    this.#account = '';
    this.#tell(accounts, chainId);
  }

  readonly #accountsChanged = (value: unknown): void => this.#tell(accountsOf(value), this.#chainId);
  readonly #chainChanged = (value: unknown): void => {
    const account = this.#account;
    this.#tell(account === '' ? [] : [account], quantity(value));
  };
  readonly #disconnected = (): void => this.disconnect();

  #listen(on: boolean): void {
    const { provider } = this;
    const change = on ? provider?.on?.bind(provider) : provider?.removeListener?.bind(provider);
    change?.('accountsChanged', this.#accountsChanged);
    change?.('chainChanged', this.#chainChanged);
    change?.('disconnect', this.#disconnected);
  }

  #tell(accounts: readonly string[], chainId: number): void {
    const account = accounts[0]?.toLowerCase();
    if (account === undefined || this.#connected === undefined) {
      this.disconnect();
      return;
    }
    if (account === this.#account && chainId === this.#chainId) return;
    this.#account = account;
    this.#chainId = chainId;
    this.#options.onWallet({ kind: 'connected', name: this.#connected.name, account, chainId });
  }
}
