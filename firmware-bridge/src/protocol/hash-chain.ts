import { sha256 } from '@noble/hashes/sha2.js';
import { equalBytes } from './bytes.ts';
import { DOMAINS, domainBytes } from './domain.ts';

/** Links of one chain: at 4 rounds a day, 44 years. */
export const CHAIN_LENGTH = 65_536;
export const CHAIN_LINK_BYTES = 32;
const PEBBLE_EVERY = 256;

/** The link before `link`: SHA-256("sextant/v1/chain" ‖ 0x00 ‖ link). One block of SHA-256. */
export function previousLink(link: Uint8Array): Uint8Array {
  return sha256(domainBytes(DOMAINS.chain, link));
}

/** Writes SHA-256 of `message` into `digest` (32 bytes). Whoever has a faster one than the pure one brings it along. */
export type Sha256Into = (message: Uint8Array, digest: Uint8Array) => void;

const pureSha256: Sha256Into = (message, digest) => digest.set(sha256(message));

/** `steps` links back, without a copy a step: chains are 65,536 long. What `visit` is given changes with the next step. */
function walkBack(
  link: Uint8Array,
  steps: number,
  visit?: (link: Uint8Array, stepsDone: number) => void,
  hash = pureSha256,
): Uint8Array {
  const message = domainBytes(DOMAINS.chain, new Uint8Array(CHAIN_LINK_BYTES));
  const at = message.length - CHAIN_LINK_BYTES;
  const current = link.slice();
  for (let done = 0; done < steps; done++) {
    visit?.(current, done);
    message.set(current, at);
    hash(message, current);
  }
  return current;
}

/**
 * A hash chain kept as its seed and every 256th link (8 KiB): any link costs at most 256 hashes.
 * Link 0 is the anchor that is published; link i (1 … 65,536) is revealed later and hashes forward to it in i steps.
 */
export interface HashChain {
  readonly anchor: Uint8Array;
  readonly pebbles: readonly Uint8Array[];
}

/** Computes a chain from its secret 32-byte seed: 65,536 hashes. */
export function createHashChain(seed: Uint8Array, hash = pureSha256): HashChain {
  const pebbles: Uint8Array[] = [];
  const keepPebble = (link: Uint8Array, done: number): void => {
    if (done % PEBBLE_EVERY === 0) pebbles.push(link.slice());
  };
  const anchor = walkBack(seed, CHAIN_LENGTH, keepPebble, hash);
  return { anchor, pebbles: pebbles.reverse() };
}

/** Link `index`, 1 … 65,536. Throws RangeError outside: a chain that is used up must be renewed before. */
export function chainLink(chain: HashChain, index: number): Uint8Array {
  if (!Number.isInteger(index) || index < 1 || index > CHAIN_LENGTH) {
    throw new RangeError(`chain link ${index} is not within 1…${CHAIN_LENGTH}`);
  }
  const pebbleIndex = Math.ceil(index / PEBBLE_EVERY);
  const pebble = chain.pebbles[pebbleIndex - 1] as Uint8Array;
  return walkBack(pebble, pebbleIndex * PEBBLE_EVERY - index);
}

/** Whether `link` hashes forward to `known` in exactly `steps` steps (0 … 65,536). */
export function linkLeadsTo(link: Uint8Array, steps: number, known: Uint8Array): boolean {
  if (link.length !== CHAIN_LINK_BYTES || !Number.isInteger(steps) || steps < 0 || steps > CHAIN_LENGTH) return false;
  return equalBytes(walkBack(link, steps, undefined), known);
}
