import {
  hashes,
  getPublicKey as noblePublicKey,
  sign as nobleSign,
  verify as nobleVerify,
  Point,
} from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';

hashes.sha512 = sha512;

export const PUBLIC_KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;

/** Verdict on one signature: the same on every validator, engine and version. */
export type VerifySignature = (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array) => boolean;

/**
 * ZIP-215 verification, the one validity rule of the network: node:crypto's own verdicts differ between Node
 * versions (nodejs/node#64026), so no native library may ever say "no". Wrong lengths are `false`. Never throws.
 */
export const verifySignature: VerifySignature = (signature, message, publicKey) => {
  if (signature.length !== SIGNATURE_BYTES || publicKey.length !== PUBLIC_KEY_BYTES) return false;
  try {
    return nobleVerify(signature, message, publicKey, { zip215: true });
  } catch {
    return false;
  }
};

/**
 * Puts a fast verifier in front of ZIP-215. Sound for any `fast` that accepts a subset of ZIP-215: whatever it refuses
 * is decided by the slow path, so the verdict is ZIP-215's by construction. A `fast` that throws counts as refusing.
 */
export function withFastPath(fast: VerifySignature): VerifySignature {
  return (signature, message, publicKey) => {
    if (signature.length !== SIGNATURE_BYTES || publicKey.length !== PUBLIC_KEY_BYTES) return false;
    try {
      if (fast(signature, message, publicKey)) return true;
    } catch {
      return verifySignature(signature, message, publicKey);
    }
    return verifySignature(signature, message, publicKey);
  };
}

export const KEY_FAULTS = ['bad_length', 'not_canonical', 'small_order', 'not_torsion_free'] as const;
export type KeyFault = (typeof KEY_FAULTS)[number];

/**
 * Vets a key once, when it becomes known: canonical, not of small order, torsion-free. With such a key every
 * verification rule agrees about honest signatures. Returns the fault, or undefined when the key is good.
 */
export function findKeyFault(publicKey: Uint8Array): KeyFault | undefined {
  if (publicKey.length !== PUBLIC_KEY_BYTES) return 'bad_length';
  let point: Point;
  try {
    point = Point.fromBytes(publicKey, false);
  } catch {
    return 'not_canonical';
  }
  if (point.isSmallOrder()) return 'small_order';
  if (!point.isTorsionFree()) return 'not_torsion_free';
  return undefined;
}

/** Public key of a 32-byte seed. */
export function publicKeyOf(seed: Uint8Array): Uint8Array {
  return noblePublicKey(seed);
}

/** RFC 8032 signature, deterministic. Slow (pure JavaScript): shells use the native one. */
export function signMessage(message: Uint8Array, seed: Uint8Array): Uint8Array {
  return nobleSign(message, seed);
}
