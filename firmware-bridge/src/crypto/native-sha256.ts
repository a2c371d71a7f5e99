import { hash } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Sha256Into } from '../protocol/index.ts';

/** What we use of sodium-native. */
interface Sodium {
  crypto_hash_sha256(output: Uint8Array, message: Uint8Array): void;
}

function loadSodium(): Sodium | undefined {
  try {
    return createRequire(import.meta.url)('sodium-native') as Sodium;
  } catch {
    return undefined;
  }
}

const sodium = loadSodium();

/** SHA-256 of short messages: a hash chain with it takes a third of the time the pure one takes. */
export const nativeSha256: Sha256Into = sodium
  ? (message, digest) => sodium.crypto_hash_sha256(digest, message)
  : (message, digest) => digest.set(hash('sha256', message, 'buffer'));
