import { EFFECT_WORDS, permute, STATE_WORDS } from './keccak-permutation.ts';

/** Bytes one permutation takes in (Keccak-256: 1600 bits less twice 256), the padding included. */
const RATE_BYTES = 136;
const LAST_WORD = RATE_BYTES / 4 - 1;
const HASH_BYTES = 32;

/**
 * keccak256 of inputs that fit one block, without anything allocated between them. The input is written into `words` (bytes in
 * the order of a little-endian word) and the hash is read from there.
 */
export class BlockHasher {
  /** At the beginning the input, after `hash` the 8 words of its hash; what is behind those is of no use. */
  readonly words = new Int32Array(STATE_WORDS);
  readonly #other = new Int32Array(STATE_WORDS);
  readonly #effects = new Int32Array(EFFECT_WORDS);

  /** Hashes the first `bytes` bytes, at most 135; the last word may be begun, its other bytes zero. */
  hash(bytes: number): void {
    if (bytes >= RATE_BYTES) throw new RangeError('the input is not one block');
    const { words } = this;
    const end = bytes >> 2;
    words.fill(0, (bytes + 3) >> 2);
    words[end] = (words[end] as number) ^ (1 << (8 * (bytes & 3)));
    words[LAST_WORD] = (words[LAST_WORD] as number) ^ 0x80000000;
    permute(words, this.#other, this.#effects);
  }
}

/** keccak256 of at most 135 bytes. */
export function keccakOfBlock(input: Uint8Array): Uint8Array {
  const hasher = new BlockHasher();
  if (input.length < RATE_BYTES) {
    input.forEach((byte, i) => {
      hasher.words[i >> 2] = (hasher.words[i >> 2] as number) | (byte << (8 * (i & 3)));
    });
  }
  hasher.hash(input.length);
  return bytesOfWords(hasher.words, 0);
}

/** The hash that begins at `words[from]`. */
export function bytesOfWords(words: Int32Array, from: number): Uint8Array {
  const bytes = new Uint8Array(HASH_BYTES);
  for (let i = 0; i < HASH_BYTES; i++) bytes[i] = (words[from + (i >> 2)] as number) >>> (8 * (i & 3));
  return bytes;
}
