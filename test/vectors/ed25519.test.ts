import {
  createNodeVerifier,
  createSeedSigner,
  createSodiumVerifier,
  fastVerifySignature,
} from '@sextant/firmware-bridge/native-ed25519';
import {
  findKeyFault,
  hexToBytes,
  publicKeyOf,
  signMessage,
  type VerifySignature,
  verifySignature,
  withFastPath,
} from '@sextant/firmware-bridge/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOutsideJson } from '../support/outside-data.ts';
import { runs } from '../support/runs.ts';

interface Vector {
  readonly message: string;
  readonly pub_key: string;
  readonly signature: string;
}

const speccheck = readOutsideJson('ed25519/speccheck-cases.json') as readonly Vector[] | undefined;
const smallOrder = readOutsideJson('ed25519/zip215-small-order.json') as readonly Vector[] | undefined;

/** ed25519-speccheck (Chalkias, Garillot, Nikolaenko 2020), row of the ZIP-215 verifiers, cases 0–11. */
const ZIP215_ROW = [true, true, true, true, true, true, false, false, false, true, true, true];

const verifiers: [string, VerifySignature][] = [
  ['pure', verifySignature],
  ['native', fastVerifySignature],
  ['node:crypto in front', withFastPath(createNodeVerifier())],
];

const check = (verify: VerifySignature, { message, pub_key, signature }: Vector) =>
  verify(hexToBytes(signature), hexToBytes(message), hexToBytes(pub_key));

describe.each(verifiers)('ed25519 verification, %s', (_, verify) => {
  it.skipIf(!speccheck)('agrees with ZIP-215 on the 12 speccheck cases (skipped without the outside data)', () => {
    expect((speccheck ?? []).map((vector) => check(verify, vector))).toEqual(ZIP215_ROW);
  });

  it.skipIf(!smallOrder)('accepts all 196 small-order encodings (skipped without the outside data)', () => {
    expect((smallOrder ?? []).filter((vector) => check(verify, vector))).toHaveLength(196);
  });

  // RFC 8032 section 7.1, test 2.
  it('accepts the RFC 8032 vector and nothing near it', () => {
    const key = hexToBytes('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
    const signature = hexToBytes(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    );
    expect(verify(signature, Uint8Array.of(0x72), key)).toBe(true);
    expect(verify(signature, Uint8Array.of(0x73), key)).toBe(false);
    expect(verify(signature.slice(0, 63), Uint8Array.of(0x72), key)).toBe(false);
    expect(verify(new Uint8Array(65), Uint8Array.of(0x72), key)).toBe(false);
    expect(verify(signature, Uint8Array.of(0x72), key.slice(1))).toBe(false);
  });
});

/** The group order L, little-endian arithmetic on the scalar half of a signature. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
function plusL(signature: Uint8Array): Uint8Array {
  let s = 0n;
  for (let i = 63; i >= 32; i--) s = (s << 8n) | BigInt(signature[i] as number);
  s += L;
  const out = signature.slice();
  for (let i = 32; i < 64; i++, s >>= 8n) out[i] = Number(s & 0xffn);
  return out;
}

describe('a fast path', () => {
  it('never accepts what ZIP-215 refuses, on mutated signatures', () => {
    const fast = [createNodeVerifier(), createSodiumVerifier()].filter((verify) => verify !== undefined);
    const mutated = fc.record({
      seed: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      message: fc.uint8Array({ maxLength: 64 }),
      byte: fc.nat(95),
      bit: fc.nat(7),
      kind: fc.constantFrom('none', 'flip', 'plusL', 'smallOrderKey'),
    });
    fc.assert(
      fc.property(mutated, ({ seed, message, byte, bit, kind }) => {
        let key = publicKeyOf(seed);
        let signature = signMessage(message, seed);
        if (kind === 'flip') {
          const target = byte < 64 ? (signature = signature.slice()) : (key = key.slice());
          target[byte % target.length] = (target[byte % target.length] as number) ^ (1 << bit);
        }
        if (kind === 'plusL') signature = plusL(signature);
        if (kind === 'smallOrderKey') key = new Uint8Array(32);
        const verdict = verifySignature(signature, message, key);
        for (const verify of fast) if (verify(signature, message, key)) expect(verdict).toBe(true);
        expect(fastVerifySignature(signature, message, key)).toBe(verdict);
      }),
      { numRuns: runs(2_000) },
    );
  });

  it('signs exactly as the pure implementation', () => {
    const seed = new Uint8Array(32).fill(7);
    const message = Uint8Array.of(1, 2, 3);
    expect(createSeedSigner(seed).sign(message)).toEqual(signMessage(message, seed));
  });
});

describe('key vetting', () => {
  it('accepts an honest key and names the fault of every other', () => {
    expect(findKeyFault(publicKeyOf(new Uint8Array(32).fill(1)))).toBeUndefined();
    expect(findKeyFault(new Uint8Array(31))).toBe('bad_length');
    // y = 0 … a point of order 4; y = 1 the identity.
    expect(findKeyFault(Uint8Array.of(1, ...new Uint8Array(31)))).toBe('small_order');
    expect(findKeyFault(new Uint8Array(32))).toBe('small_order');
    // p + 1 little-endian: encodes y = 1 non-canonically.
    expect(findKeyFault(hexToBytes(`ee${'ff'.repeat(30)}7f`))).toBe('not_canonical');
    expect(findKeyFault(new Uint8Array(32).fill(2))).toBe('not_canonical');
  });

  it.skipIf(!speccheck)('refuses keys with a torsion part (speccheck case 3; skipped without the outside data)', () => {
    const mixed = (speccheck ?? []).map((vector) => findKeyFault(hexToBytes(vector.pub_key)));
    expect(mixed).toContain('not_torsion_free');
    expect(mixed).toContain('small_order');
    expect(mixed).toContain('not_canonical');
  });
});
