import { CHAIN_LENGTH, chainLink, type HashChain } from '@sextant/firmware-bridge/protocol';

/** A validator's committed randomness: link i is revealed for round firstRound + i − 1. */
export interface EntropyChain {
  readonly chain: HashChain;
  readonly firstRound: number;
}

/** The link that opens `round`, or undefined where the chain does not reach it. */
export function findEntropyLink(entropy: EntropyChain, round: number): Uint8Array | undefined {
  const index = round - entropy.firstRound + 1;
  return index >= 1 && index <= CHAIN_LENGTH ? chainLink(entropy.chain, index) : undefined;
}
