import { createECDH } from 'node:crypto';
import { keccak_256 } from '@noble/hashes/sha3.js';

/** The account of a private key (secp256k1): the last 20 bytes of the Keccak-256 of its public key. Throws on a key that is none. */
export function chainAccountOf(privateKey: Uint8Array): Uint8Array {
  const curve = createECDH('secp256k1');
  curve.setPrivateKey(privateKey);
  return keccak_256(curve.getPublicKey().subarray(1)).slice(12);
}
