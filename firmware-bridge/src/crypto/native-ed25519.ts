import { createPrivateKey, createPublicKey, type KeyObject, sign as nodeSign, verify as nodeVerify } from 'node:crypto';
import {
  PUBLIC_KEY_BYTES,
  publicKeyOf,
  SIGNATURE_BYTES,
  type VerifySignature,
  withFastPath,
} from '../protocol/index.ts';
import { loadSodium } from './sodium.ts';

const sodium = loadSodium();

export const ED25519_BACKEND: 'sodium-native' | 'node:crypto' = sodium ? 'sodium-native' : 'node:crypto';

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const KEY_CACHE_MAX = 4_096;
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** node:crypto verification with the imported keys kept: importing one costs as much as verifying. */
export function createNodeVerifier(): VerifySignature {
  const keys = new Map<string, KeyObject>();
  return (signature, message, publicKey) => {
    const name = asBuffer(publicKey).toString('latin1');
    let key = keys.get(name);
    if (!key) {
      key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
      if (keys.size >= KEY_CACHE_MAX) keys.clear();
      keys.set(name, key);
    }
    return nodeVerify(null, message, key, signature);
  };
}

/** sodium-native verification; it accepts a subset of ZIP-215. Undefined where the library has no build. */
export function createSodiumVerifier(): VerifySignature | undefined {
  if (!sodium) return undefined;
  return (signature, message, publicKey) =>
    signature.length === SIGNATURE_BYTES &&
    publicKey.length === PUBLIC_KEY_BYTES &&
    sodium.crypto_sign_verify_detached(asBuffer(signature), asBuffer(message), asBuffer(publicKey));
}

/** ZIP-215 with the fastest native library in front: the verdict is the same as `verifySignature`'s, always. */
export const fastVerifySignature: VerifySignature = withFastPath(createSodiumVerifier() ?? createNodeVerifier());

/** Signs; the place where a secure element can stand instead of a key file. */
export interface Signer {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** A signer from a 32-byte seed, native speed. */
export function createSeedSigner(seed: Uint8Array): Signer {
  const publicKey = publicKeyOf(seed);
  if (sodium) {
    const secretKey = Buffer.concat([seed, publicKey]);
    return {
      publicKey,
      sign(message) {
        const signature = Buffer.alloc(SIGNATURE_BYTES);
        sodium.crypto_sign_detached(signature, asBuffer(message), secretKey);
        return new Uint8Array(signature.buffer, signature.byteOffset, SIGNATURE_BYTES);
      },
    };
  }
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  return { publicKey, sign: (message) => new Uint8Array(nodeSign(null, message, key)) };
}
