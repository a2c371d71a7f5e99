import { type Call, type ContractRefusedError, refusalOf } from '@sextant/contracts-client';
import type { Clock } from '@sextant/firmware-bridge/clock';
import type { Logger } from 'pino';
import { type Hash, keccak256, type TransactionReceipt } from 'viem';
import type { PrivateKeyAccount } from 'viem/accounts';
import type { ChainEndpoints, ReferenceBlock } from './chain-endpoints.ts';
import type { SettlementMetrics } from './settlement-metrics.ts';
import type { OpenTransaction, TransactionJournal, TransactionTry } from './transaction-journal.ts';

export interface SenderOptions {
  readonly chainId: number;
  /** Never more for a unit of gas, wei. */
  readonly maxFeePerGas: bigint;
  /** A transaction that is in no block after this time is sent again with a higher fee, milliseconds. */
  readonly bumpAfterMs: number;
}

export interface SenderModules {
  readonly endpoints: ChainEndpoints;
  readonly account: PrivateKeyAccount;
  readonly journal: TransactionJournal;
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Logger;
  readonly metrics: SettlementMetrics;
}

/** What is to be on the chain next. */
export interface WantedCall {
  readonly call: Call;
  readonly epoch: number;
  readonly attempt: number;
}

/** `refused`: a contract said no when the call was tried; nothing was sent. */
export type SendOutcome = 'sent' | { readonly refused: ContractRefusedError };

/** Nodes refuse to replace a transaction for less than a tenth more. */
const BUMP_PERCENT = 125n;
const MAX_TRIES = 20;
const GAS_MARGIN_PERCENT = 130n;
/** Far above what any of our calls takes; an estimate above it is a lie. */
const MAX_GAS = 3_000_000n;

interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** Brings one transaction at a time to the chain, and knows what became of it. */
export class TransactionSender {
  readonly #options: SenderOptions;
  readonly #modules: SenderModules;
  /** A node wants more for the nonce than was offered. */
  #isUnderpriced = false;

  constructor(options: SenderOptions, modules: SenderModules) {
    this.#options = options;
    this.#modules = modules;
  }

  /** Whether a transaction of ours is in a block that may still go away again. Forgets one that is final. */
  async isMined(reference: ReferenceBlock): Promise<boolean> {
    const { journal, logger } = this.#modules;
    const open = journal.current;
    if (open === undefined) return false;
    if ((await this.#nonceAt(reference)) > open.nonce) {
      await this.#finish(open);
      return false;
    }
    const next = await this.#nextNonce();
    if (next < open.nonce) {
      const { call, epoch, nonce } = open;
      logger.warn(
        { call, epoch, nonce, next },
        'the chain forgot transactions that were final; starting from what it has',
      );
      await journal.write(undefined);
      return false;
    }
    return next > open.nonce;
  }

  /**
   * Sees to it that a call gets into a block. The same call again is sent as it was, or for a higher fee when it took too long;
   * another call takes the place of one that is in no block yet. Nothing is sent that the contract would refuse.
   */
  async send(wanted: WantedCall): Promise<SendOutcome> {
    const { journal } = this.#modules;
    const open = journal.current;
    if (open !== undefined && isSame(open, wanted)) {
      await this.#sendAgain(open);
      return 'sent';
    }
    const gas = await this.#tryOut(wanted.call);
    if (typeof gas === 'object') return { refused: gas };
    const nonce = await this.#nextNonce();
    const replaced = open?.nonce === nonce ? open.tries.at(-1) : undefined;
    const fees = this.#capped(atLeast(await this.#currentFees(), replaced));
    const { call, epoch, attempt } = wanted;
    const request = { call: call.name, epoch, attempt, to: call.to, data: call.data, gas, nonce };
    await this.#signAndSend({ ...request, tries: [] }, fees);
    return 'sent';
  }

  async #sendAgain(open: OpenTransaction): Promise<void> {
    const last = open.tries.at(-1);
    if (last === undefined) return;
    const isLate = this.#modules.clock.now() - last.sentAtMs >= this.#options.bumpAfterMs;
    if ((isLate || this.#isUnderpriced) && open.tries.length < MAX_TRIES) {
      // Not tried out again: the block to come may hold this very call already.
      const fees = this.#capped(atLeast(await this.#currentFees(), last));
      if (isEnough(fees, last)) {
        const { call, epoch, nonce } = open;
        this.#modules.metrics.bumped();
        this.#modules.logger.warn(
          { call, epoch, nonce, maxFeePerGas: String(fees.maxFeePerGas) },
          'sent again for more',
        );
        await this.#signAndSend(open, fees);
        return;
      }
    }
    await this.#broadcast(last);
  }

  async #signAndSend(request: OpenTransaction, fees: Fees): Promise<void> {
    const { account, clock, journal, logger, metrics } = this.#modules;
    const { call, epoch, attempt, to, data, gas, nonce, tries } = request;
    const { chainId } = this.#options;
    const raw = await account.signTransaction({ type: 'eip1559', chainId, to, data, gas, nonce, value: 0n, ...fees });
    const fresh: TransactionTry = { hash: keccak256(raw), raw, ...fees, sentAtMs: clock.now() };
    await journal.write({ ...request, tries: [...tries, fresh] });
    metrics.transaction(call, 'sent');
    logger.info({ call, epoch, attempt, nonce, transaction: fresh.hash }, 'transaction sent');
    await this.#broadcast(fresh);
  }

  /** To every endpoint: one of them alone could keep it back. */
  async #broadcast({ raw }: TransactionTry): Promise<void> {
    const { endpoints, logger } = this.#modules;
    const sent = await Promise.allSettled(
      endpoints.clients.map((client) => client.sendRawTransaction({ serializedTransaction: raw })),
    );
    this.#isUnderpriced = false;
    for (const result of sent) {
      if (result.status === 'fulfilled') continue;
      const why = result.reason instanceof Error ? result.reason.message : String(result.reason);
      if (/already (known|imported)|known transaction/i.test(why)) continue;
      this.#isUnderpriced ||= /underpriced/i.test(why);
      logger.debug({ why: reasonOf(why) }, 'an endpoint did not take the transaction');
      if (/insufficient funds/i.test(why)) this.#sayUnfunded();
    }
  }

  #sayUnfunded(): void {
    const { account, logger } = this.#modules;
    logger.error(
      { account: account.address },
      'the account has too little to pay for gas: send it some of the chain’s coin',
    );
  }

  async #finish(open: OpenTransaction): Promise<void> {
    const { journal, logger, metrics } = this.#modules;
    const receipt = await this.#findReceipt(open.tries.map(({ hash }) => hash));
    const outcome = receipt === undefined ? 'displaced' : receipt.status === 'success' ? 'succeeded' : 'failed';
    await journal.write(undefined);
    metrics.transaction(open.call, outcome);
    const { call, epoch, attempt } = open;
    const gasUsed = receipt === undefined ? {} : { transaction: receipt.transactionHash, gas: Number(receipt.gasUsed) };
    logger.info({ call, epoch, attempt, outcome, ...gasUsed }, 'transaction final');
  }

  async #findReceipt(hashes: readonly Hash[]): Promise<TransactionReceipt | undefined> {
    for (const hash of hashes.toReversed()) {
      const receipt = await this.#modules.endpoints
        .first((client) => client.getTransactionReceipt({ hash }))
        .catch(() => undefined);
      if (receipt) return receipt;
    }
    return undefined;
  }

  /** Gas to offer, or the refusal. Tried in the block to come: its time is what counts for windows. */
  async #tryOut(call: Call): Promise<bigint | ContractRefusedError> {
    const { account, endpoints } = this.#modules;
    const request = { account: account.address, to: call.to, data: call.data, value: call.value };
    try {
      const gas = await endpoints.first((client) => client.estimateGas({ ...request, blockTag: 'pending' }));
      const offered = (gas * GAS_MARGIN_PERCENT) / 100n;
      return offered < MAX_GAS ? offered : MAX_GAS;
    } catch (error) {
      const refusal = refusalOf(call, error);
      if (refusal) return refusal;
      throw error;
    }
  }

  async #currentFees(): Promise<Fees> {
    const { maxFeePerGas, maxPriorityFeePerGas } = await this.#modules.endpoints.first((client) =>
      client.estimateFeesPerGas(),
    );
    return { maxFeePerGas, maxPriorityFeePerGas };
  }

  #capped({ maxFeePerGas, maxPriorityFeePerGas }: Fees): Fees {
    const cap = this.#options.maxFeePerGas;
    const fee = maxFeePerGas < cap ? maxFeePerGas : cap;
    return { maxFeePerGas: fee, maxPriorityFeePerGas: maxPriorityFeePerGas < fee ? maxPriorityFeePerGas : fee };
  }

  /** The nonce of the first transaction that is in no block: one that somebody else left stuck is replaced. */
  #nextNonce(): Promise<number> {
    const { endpoints, account } = this.#modules;
    const { address } = account;
    return endpoints.agree('our nonce', (client) => client.getTransactionCount({ address, blockTag: 'latest' }));
  }

  #nonceAt({ number }: ReferenceBlock): Promise<number> {
    const { endpoints, account } = this.#modules;
    const { address } = account;
    return endpoints.agree('our final nonce', (client) => client.getTransactionCount({ address, blockNumber: number }));
  }
}

const isSame = (open: OpenTransaction, { call, epoch, attempt }: WantedCall): boolean =>
  open.call === call.name && open.epoch === epoch && open.attempt === attempt && open.data === call.data;

const bumped = (fee: bigint): bigint => (fee * BUMP_PERCENT) / 100n + 1n;
const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** What is asked for now, and enough to take the place of `replaced`. */
function atLeast(fees: Fees, replaced: Fees | undefined): Fees {
  if (replaced === undefined) return fees;
  return {
    maxFeePerGas: larger(fees.maxFeePerGas, bumped(replaced.maxFeePerGas)),
    maxPriorityFeePerGas: larger(fees.maxPriorityFeePerGas, bumped(replaced.maxPriorityFeePerGas)),
  };
}

/** Whether nodes take it instead of what they have: a tenth more of both. */
const isEnough = (fees: Fees, last: Fees): boolean =>
  fees.maxFeePerGas * 10n >= last.maxFeePerGas * 11n &&
  fees.maxPriorityFeePerGas * 10n >= last.maxPriorityFeePerGas * 11n;

const reasonOf = (message: string): string => /Details: (.*)/.exec(message)?.[1] ?? message.split('\n')[0] ?? '';
