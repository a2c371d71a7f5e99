import {
  type Account,
  BaseError,
  type Chain,
  decodeErrorResult,
  type Hash,
  type Hex,
  type PublicClient,
  RawContractError,
  type TransactionReceipt,
  type Transport,
  type WalletClient,
} from 'viem';
import type { Call } from './call.ts';
import { ContractRefusedError, TransactionFailedError } from './chain-errors.ts';
import { CONTRACT_ERRORS } from './contract-errors.ts';

export type ReadClient = Pick<PublicClient, 'call' | 'waitForTransactionReceipt'>;
export type Wallet = WalletClient<Transport, Chain | undefined, Account>;

export interface SendModules {
  readonly reader: ReadClient;
  readonly wallet: Wallet;
}

/**
 * Tries the call at the newest block without sending it. Throws ContractRefusedError when a contract says no; every other
 * error is the endpoint's.
 */
export async function tryCall(reader: Pick<PublicClient, 'call'>, call: Call, from: Account['address']): Promise<void> {
  try {
    await reader.call({ account: from, to: call.to, data: call.data, value: call.value });
  } catch (error) {
    throw refusalOf(call, error) ?? error;
  }
}

/** Tries, signs and sends; comes back with the transaction's hash before it is in a block. */
export async function sendCall({ reader, wallet }: SendModules, call: Call): Promise<Hash> {
  await tryCall(reader, call, wallet.account.address);
  return wallet.sendTransaction({
    account: wallet.account,
    chain: wallet.chain ?? null,
    to: call.to,
    data: call.data,
    value: call.value,
  });
}

/** `sendCall`, and waits until one block holds it. Throws TransactionFailedError when it failed there. */
export async function submitCall(modules: SendModules, call: Call): Promise<TransactionReceipt> {
  const hash = await sendCall(modules, call);
  const receipt = await modules.reader.waitForTransactionReceipt({ hash });
  if (receipt.status !== 'success') throw new TransactionFailedError(call.name, hash);
  return receipt;
}

/** What the contract said, when it was a contract that refused; else undefined. */
export function refusalOf(call: Pick<Call, 'name' | 'to'>, error: unknown): ContractRefusedError | undefined {
  if (!(error instanceof BaseError)) return undefined;
  const raw = error.walk((cause) => cause instanceof RawContractError || hasData(cause));
  const data = raw === null ? undefined : dataOf(raw);
  if (data === undefined) return undefined;
  try {
    const { errorName, args } = decodeErrorResult({ abi: CONTRACT_ERRORS, data });
    return new ContractRefusedError(call.name, call.to, errorName, args ?? [], error);
  } catch {
    return new ContractRefusedError(call.name, call.to, 'unknown', [data], error);
  }
}

const hasData = (cause: unknown): boolean => dataOf(cause) !== undefined;

function dataOf(cause: unknown): Hex | undefined {
  if (typeof cause !== 'object' || cause === null || !('data' in cause)) return undefined;
  const { data } = cause;
  if (typeof data === 'string' && data.startsWith('0x') && data.length >= 10) return data as Hex;
  return typeof data === 'object' ? dataOf(data) : undefined;
}
