import { keccak_256 } from '@noble/hashes/sha3.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BlockHasher, bytesOfWords, keccakOfBlock } from './keccak-block.ts';

const bytesOf = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => Math.imul(i + 1, 2_654_435_761 + seed) >>> 24);

it('is Keccak-256 of every length that fits a block', () => {
  for (let length = 0; length < 136; length++) {
    expect(keccakOfBlock(bytesOf(length, length))).toEqual(keccak_256(bytesOf(length, length)));
  }
  expect(() => keccakOfBlock(new Uint8Array(136))).toThrow(RangeError);
});

it('keeps nothing of the hash before', () => {
  const hasher = new BlockHasher();
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (input) => {
      const view = new DataView(input.buffer, input.byteOffset);
      for (let i = 0; i < 16; i++) hasher.words[i] = view.getInt32(4 * i, true);
      hasher.hash(64);
      const once = keccak_256(input);
      expect(bytesOfWords(hasher.words, 0)).toEqual(once);
      hasher.hash(32);
      expect(bytesOfWords(hasher.words, 0)).toEqual(keccak_256(once));
    }),
    { numRuns: 50 },
  );
});
