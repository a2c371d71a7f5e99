import { keccakP } from '@noble/hashes/sha3.js';

/** Bytes one permutation takes in (Keccak-256: 1600 bits less twice 256), the padding included. */
const RATE_BYTES = 136;
const HASH_WORDS = 8;
const ROUNDS = 24;

/**
 * keccak256 of an input that fits one block (at most 132 bytes, a multiple of 4), written to `output` at `offset`. A tree of
 * 100,000 owners hashes 300,000 times: this goes without what a streaming hash keeps around the permutation.
 * `scratch` holds the state: any 50 words.
 */
export function keccakBlock(scratch: Uint32Array, input: DataView, output: DataView, offset: number): void {
  const words = input.byteLength / 4;
  if (!Number.isInteger(words) || input.byteLength >= RATE_BYTES) throw new RangeError('the input is not one block');
  scratch.fill(0);
  for (let i = 0; i < words; i++) scratch[i] = input.getUint32(4 * i, true);
  scratch[words] = 0x01;
  const last = RATE_BYTES / 4 - 1;
  scratch[last] = ((scratch[last] as number) ^ 0x80000000) >>> 0;
  keccakP(scratch, ROUNDS);
  for (let i = 0; i < HASH_WORDS; i++) output.setUint32(offset + 4 * i, scratch[i] as number, true);
}
