import fc from 'fast-check';
import {
  bytesToHex,
  encodePacked,
  keccak256,
  parseCompactSignature,
  parseSignature,
  serializeCompactSignature,
  signatureToCompactSignature,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { assembleVotes, compactSignature, leastThreshold, packAccounts, validatorSetHash } from './validator-set.ts';

const account = (byte: number): Uint8Array => new Uint8Array(20).fill(byte);
const vote = (byte: number): { account: Uint8Array; signature: Uint8Array } => ({
  account: account(byte),
  signature: new Uint8Array(64).fill(byte),
});
const accounts = [1, 2, 3, 4].map(account);

describe('validator set', () => {
  it('has the hash of the registry: packed numbers and addresses', () => {
    const packed = encodePacked(['uint32', 'uint8', 'bytes'], [7, 3, bytesToHex(packAccounts(accounts))]);
    expect(bytesToHex(validatorSetHash({ setId: 7, threshold: 3, accounts }))).toBe(keccak256(packed));
  });

  it('is 1 to 64 different addresses, ascending', () => {
    for (const bad of [[], [account(2), account(1)], [account(1), account(1)], [account(0)], [new Uint8Array(19)]]) {
      expect(() => packAccounts(bad)).toThrow(RangeError);
    }
    expect(() => packAccounts(Array.from({ length: 65 }, (_, i) => account(i + 1)))).toThrow(RangeError);
  });

  it('needs more than two thirds, as few as possible', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 10, 64].map(leastThreshold)).toEqual([1, 2, 3, 3, 4, 5, 5, 7, 43]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), (n) => {
        const least = leastThreshold(n);
        expect(3 * least).toBeGreaterThan(2 * n);
        expect(3 * (least - 1)).toBeLessThanOrEqual(2 * n);
      }),
    );
  });

  it('orders votes as the contract reads them, in whatever order they came', () => {
    const { signers, signatures } = assembleVotes({ accounts }, [vote(4), vote(1), vote(3)]);
    expect(signers).toBe(0b1101n);
    expect([signatures[0], signatures[64], signatures[128], signatures.length]).toEqual([1, 3, 4, 192]);
  });

  it('takes no stranger, nobody twice and nothing that is no signature', () => {
    expect(() => assembleVotes({ accounts }, [vote(9)])).toThrow(RangeError);
    expect(() => assembleVotes({ accounts }, [vote(1), vote(1)])).toThrow(RangeError);
    expect(() => assembleVotes({ accounts }, [{ account: account(1), signature: new Uint8Array(65) }])).toThrow(
      RangeError,
    );
  });

  it('compacts signatures as viem does (EIP-2098)', async () => {
    for (let i = 1; i <= 8; i++) {
      const signer = privateKeyToAccount(`0x${String(i).padStart(64, '0')}`);
      const signature = parseSignature(await signer.sign({ hash: keccak256(`0x0${i}`) }));
      const expected = serializeCompactSignature(signatureToCompactSignature(signature));
      const { r, s, yParity } = signature;
      const ours = bytesToHex(compactSignature(BigInt(r), BigInt(s), yParity === 0 ? 0 : 1));
      expect(ours).toBe(expected);
      expect(parseCompactSignature(ours)).toEqual(parseCompactSignature(expected));
    }
    expect(() => compactSignature(1n, 2n ** 255n, 0)).toThrow(RangeError);
  });
});
