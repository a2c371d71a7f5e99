import type { BrowserContext, Page } from 'playwright-core';

/** What a wallet and its node say no with. */
interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

type Answer = { readonly result: unknown } | { readonly error: RpcError };

export interface PageWalletOptions {
  readonly rdns: string;
  readonly name: string;
  /** Of an anvil, whose unlocked accounts sign. */
  readonly rpcUrl: string;
  /** Addresses; the first one is the chosen one. */
  readonly accounts: readonly string[];
  readonly chainId: number;
}

const REJECTED: RpcError = { code: 4001, message: 'User rejected the request.' };

/** A browser's wallet: in the page a provider that announces itself, behind it an anvil. It asks nobody unless told to say no. */
export class PageWallet {
  readonly options: PageWalletOptions;
  accounts: readonly string[];
  chainId: number;
  /** The page may see the accounts. */
  isAuthorised = false;
  /** Its owner says no to what he is asked. */
  saysNo = false;
  /** Chains it does not know cannot be switched to. */
  readonly knows: Set<number>;
  /** Every method the page asked for, in order. */
  readonly asked: string[] = [];
  /** Every transaction it was to send. */
  readonly sent: Readonly<Record<string, string>>[] = [];
  readonly #pages = new Set<Page>();

  constructor(options: PageWalletOptions) {
    this.options = options;
    this.accounts = options.accounts;
    this.chainId = options.chainId;
    this.knows = new Set([options.chainId, 31_337]);
  }

  /** Puts it into every page of the context. */
  async install(context: BrowserContext): Promise<void> {
    const { rdns, name } = this.options;
    const binding = `wallet_${rdns.replaceAll('.', '_')}`;
    await context.exposeBinding(binding, ({ page }, method: string, params: unknown[]) => {
      this.#pages.add(page);
      return this.#answer(method, params ?? []);
    });
    await context.addInitScript(injectWallet, { rdns, name, binding });
  }

  /** Tells the pages, as a wallet does when its owner changes something. */
  async emit(event: string, value: unknown): Promise<void> {
    const { rdns } = this.options;
    for (const page of this.#pages) {
      if (page.isClosed()) continue;
      await page.evaluate(
        ([name, what, detail]) => window.dispatchEvent(new CustomEvent(`wallet:${name}`, { detail: { what, detail } })),
        [rdns, event, value] as const,
      );
    }
  }

  async #answer(method: string, params: unknown[]): Promise<Answer> {
    this.asked.push(method);
    switch (method) {
      case 'eth_requestAccounts':
        if (this.saysNo) return { error: REJECTED };
        this.isAuthorised = true;
        return { result: this.accounts };
      case 'eth_accounts':
        return { result: this.isAuthorised ? this.accounts : [] };
      case 'eth_chainId':
        return { result: `0x${this.chainId.toString(16)}` };
      case 'wallet_switchEthereumChain':
        return this.#switch(params);
      case 'eth_sendTransaction':
        if (this.saysNo) return { error: REJECTED };
        this.sent.push(params[0] as Record<string, string>);
        return this.#forward(method, params);
      default:
        return this.#forward(method, params);
    }
  }

  async #switch([wanted]: unknown[]): Promise<Answer> {
    if (this.saysNo) return { error: REJECTED };
    const chainId = Number((wanted as { chainId: string }).chainId);
    if (!this.knows.has(chainId)) return { error: { code: 4902, message: 'Unrecognized chain ID.' } };
    this.chainId = chainId;
    await this.emit('chainChanged', `0x${chainId.toString(16)}`);
    return { result: null };
  }

  async #forward(method: string, params: unknown[]): Promise<Answer> {
    const response = await fetch(this.options.rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    const answer = (await response.json()) as { result?: unknown; error?: RpcError };
    return answer.error === undefined ? { result: answer.result } : { error: answer.error };
  }
}

/** Runs in the page. */
function injectWallet({ rdns, name, binding }: { rdns: string; name: string; binding: string }): void {
  const listeners = new Map<string, Set<(value: unknown) => void>>();
  const provider = {
    async request({ method, params }: { method: string; params?: unknown[] }): Promise<unknown> {
      const ask = (window as unknown as Record<string, (method: string, params: unknown[]) => Promise<Answer>>)[
        binding
      ];
      const answer = await ask?.(method, params ?? []);
      if (answer === undefined) throw new Error('no wallet behind the page');
      if ('error' in answer) throw Object.assign(new Error(answer.error.message), answer.error);
      return answer.result;
    },
    on(event: string, listener: (value: unknown) => void): void {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
    },
    removeListener(event: string, listener: (value: unknown) => void): void {
      listeners.get(event)?.delete(listener);
    },
  };
  window.addEventListener(`wallet:${rdns}`, (event) => {
    const { what, detail } = (event as CustomEvent<{ what: string; detail: unknown }>).detail;
    for (const listener of listeners.get(what) ?? []) listener(detail);
  });
  const detail = Object.freeze({ info: { uuid: crypto.randomUUID(), name, icon: '', rdns }, provider });
  const announce = (): boolean => window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }));
  window.addEventListener('eip6963:requestProvider', announce);
  announce();
}
