import { type EthereumProvider, quantity } from './ethereum-provider.ts';

/** Where a transaction is. */
export type TransactionState =
  /** Nobody has put it into a block. `known`: the wallet's endpoint has it. */
  | { readonly kind: 'sent'; readonly known: boolean }
  /** In a block that could still be replaced. `confirmations`: it and the blocks on top of it. */
  | { readonly kind: 'included'; readonly block: number; readonly confirmations: number }
  | { readonly kind: 'final'; readonly block: number }
  /** In a block, and failed there. */
  | { readonly kind: 'failed'; readonly block: number }
  /** The account has sent another one in its place: sped up or cancelled in the wallet. */
  | { readonly kind: 'replaced' };

/** Where the endpoint knows no final block, one this deep is taken for final. */
const DEEP_ENOUGH = 64;

/** Remembers what it takes to notice that a transaction was replaced. */
export class FollowedTransaction {
  readonly hash: string;
  readonly #provider: EthereumProvider;
  #sender: { readonly from: string; readonly nonce: number } | undefined;

  constructor(hash: string, provider: EthereumProvider) {
    this.hash = hash;
    this.#provider = provider;
  }

  /** Where it is now; errors are the endpoint's. After a reorganisation it can be `sent` again. */
  async look(): Promise<TransactionState> {
    const receipt = await this.#ask('eth_getTransactionReceipt', this.hash);
    if (!isObject(receipt)) return this.#lookOutside();
    const block = quantity(receipt['blockNumber']);
    if (quantity(receipt['status']) === 0) return { kind: 'failed', block };
    const newest = quantity(await this.#ask('eth_blockNumber'));
    const confirmations = Math.max(1, newest - block + 1);
    const final = await this.#finalBlock(newest);
    return block <= final ? { kind: 'final', block } : { kind: 'included', block, confirmations };
  }

  /** It is in no block: on its way, forgotten, or replaced. */
  async #lookOutside(): Promise<TransactionState> {
    const transaction = await this.#ask('eth_getTransactionByHash', this.hash);
    if (isObject(transaction)) {
      this.#sender = { from: String(transaction['from']), nonce: quantity(transaction['nonce']) };
      return { kind: 'sent', known: true };
    }
    if (this.#sender === undefined) return { kind: 'sent', known: false };
    const { from, nonce } = this.#sender;
    const used = quantity(await this.#ask('eth_getTransactionCount', from, 'latest'));
    return used > nonce ? { kind: 'replaced' } : { kind: 'sent', known: false };
  }

  async #finalBlock(newest: number): Promise<number> {
    const block = await this.#ask('eth_getBlockByNumber', 'finalized', false).catch(() => undefined);
    const deep = newest - DEEP_ENOUGH;
    return isObject(block) ? quantity(block['number']) : deep;
  }

  #ask(method: string, ...params: readonly unknown[]): Promise<unknown> {
    return this.#provider.request({ method, params });
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
