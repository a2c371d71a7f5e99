import type { Call } from '../chain/call.ts';
import { ContractRefusedError } from '../chain/chain-errors.ts';
import { type AbiEntry, decodeWords, selectorOf } from '../encoding/static-abi.ts';
import { rewardDistributorAbi } from '../generated/reward-distributor.abi.ts';
import type { EthereumProvider } from './ethereum-provider.ts';

const HASH = /^0x[0-9a-fA-F]{64}$/;

/** A wallet said that it sent a transaction, but not which. */
export class NoTransactionError extends Error {
  override readonly name = 'NoTransactionError';
}

/**
 * Tries the call at the newest block, lets the owner of the wallet confirm it, and comes back with the transaction's hash. Throws
 * ContractRefusedError when the contract says no, and the provider's errors.
 */
export async function sendThroughWallet(provider: EthereumProvider, call: Call, from: string): Promise<`0x${string}`> {
  const transaction = { from, to: call.to, data: call.data, value: `0x${call.value.toString(16)}` };
  try {
    await provider.request({ method: 'eth_call', params: [transaction, 'latest'] });
  } catch (error) {
    throw refusalIn(call, error) ?? error;
  }
  const hash = await provider.request({ method: 'eth_sendTransaction', params: [transaction] });
  if (typeof hash === 'string' && HASH.test(hash)) return hash as `0x${string}`;
  throw new NoTransactionError('The wallet did not say which transaction it sent. Look at its list of activities.');
}

/** What the contract said, when it was a contract that refused; else undefined. */
function refusalIn(call: Pick<Call, 'name' | 'to'>, error: unknown): ContractRefusedError | undefined {
  const data = revertData(error);
  if (data === undefined) return undefined;
  for (const entry of rewardDistributorAbi) {
    if (entry.type !== 'error' || selectorOf(entry) !== data.slice(0, 10)) continue;
    return new ContractRefusedError(call.name, call.to, entry.name, factsOf(entry, data), error);
  }
  return new ContractRefusedError(call.name, call.to, 'unknown', [data], error);
}

function factsOf({ inputs }: AbiEntry, data: string): readonly unknown[] {
  try {
    return decodeWords(
      inputs.map(({ type }) => type),
      `0x${data.slice(10)}`,
    );
  } catch {
    return [data];
  }
}

/** Wallets put what the contract said somewhere below `data`, `cause` or `originalError`. */
function revertData(error: unknown, depth = 0): string | undefined {
  if (typeof error === 'string') return /^0x([0-9a-fA-F]{2}){4,}$/.test(error) ? error.toLowerCase() : undefined;
  if (typeof error !== 'object' || error === null || depth > 4) return undefined;
  const { data, cause, originalError } = error as Readonly<Record<string, unknown>>;
  return revertData(data, depth + 1) ?? revertData(cause, depth + 1) ?? revertData(originalError, depth + 1);
}
