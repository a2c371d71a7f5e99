import type { PublicClient } from 'viem';
import { type AbiList, type AbiValue, decodeWords, encodeCall, functionOf } from '../encoding/static-abi.ts';
import { type EthereumProvider, quantity } from './ethereum-provider.ts';

/** What the package's questions need of a client. */
export type ChainReader = Pick<PublicClient, 'readContract' | 'getBlockNumber'>;

interface ReadParameters {
  readonly address: string;
  readonly abi: AbiList;
  readonly functionName: string;
  readonly args?: readonly AbiValue[];
  readonly blockNumber?: bigint;
}

/**
 * Reads contracts through a wallet's own endpoint: the page asks no node by itself. Takes what viem's client takes, for functions
 * of words only.
 */
export function createWalletReader(provider: EthereumProvider): ChainReader {
  const reader = {
    async readContract({ address, abi, functionName, args = [], blockNumber }: ReadParameters): Promise<unknown> {
      const entry = functionOf(abi, functionName);
      const block = blockNumber === undefined ? 'latest' : `0x${blockNumber.toString(16)}`;
      const params = [{ to: address, data: encodeCall(entry, args) }, block];
      const words = decodeWords(
        entry.outputs.map(({ type }) => type),
        String(await provider.request({ method: 'eth_call', params })),
      );
      return words.length === 1 ? words[0] : words;
    },
    async getBlockNumber(): Promise<bigint> {
      return BigInt(quantity(await provider.request({ method: 'eth_blockNumber' })));
    },
  };
  return reader as unknown as ChainReader;
}
