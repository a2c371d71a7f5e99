import { createRequire } from 'node:module';

/** What we use of sodium-native. */
interface Sodium {
  crypto_hash_sha256(output: Uint8Array, message: Uint8Array): void;
  crypto_sign_verify_detached(signature: Buffer, message: Buffer, publicKey: Buffer): boolean;
  crypto_sign_detached(signature: Buffer, message: Buffer, secretKey: Buffer): void;
}

/** sodium-native has no musl and no armv7 build: undefined there, and node:crypto does the work, at about half the speed. */
export function loadSodium(): Sodium | undefined {
  try {
    return createRequire(import.meta.url)('sodium-native') as Sodium;
  } catch {
    return undefined;
  }
}
