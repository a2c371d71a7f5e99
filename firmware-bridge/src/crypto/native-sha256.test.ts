import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createHashChain } from '../protocol/index.ts';
import { nativeSha256 } from './native-sha256.ts';

it('is SHA-256, whatever part of a buffer it is given', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(8), (message, offset) => {
      const part = message.subarray(Math.min(offset, message.length));
      const digest = new Uint8Array(32);
      nativeSha256(part, digest);
      expect(Buffer.from(digest).toString('hex')).toBe(createHash('sha256').update(part).digest('hex'));
    }),
  );
});

it('makes the same hash chains as the pure one', () => {
  const seed = new Uint8Array(32).fill(7);
  expect(createHashChain(seed, nativeSha256)).toEqual(createHashChain(seed));
  expect(seed).toEqual(new Uint8Array(32).fill(7));
});
