import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import { describe, expect, it } from 'vitest';
import { chainAccountOf } from './chain-account.ts';

describe('the account of a private key', () => {
  // The first two keys of the phrase every development chain uses, and their published addresses.
  it.each([
    ['ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80', 'f39fd6e51aad88f6f4ce6ab8827279cfffb92266'],
    ['59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d', '70997970c51812dc3a010c7d01b50e0d17dc79c8'],
  ])('%s', (key, address) => {
    expect(bytesToHex(chainAccountOf(Buffer.from(key, 'hex')))).toBe(address);
  });

  it('needs a key', () => {
    expect(() => chainAccountOf(new Uint8Array(32))).toThrow();
  });
});
