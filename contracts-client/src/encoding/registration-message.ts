import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { addressWord, bytesWord, uintWord } from './abi-words.ts';

const PREFIX = 'sextant/v1/registration';

/** What a hotspot's key has to agree to before an owner may register it. */
export interface Registration {
  readonly chainId: number;
  /** Address of the hotspot registry, 20 bytes. */
  readonly registry: Uint8Array;
  /** ed25519 public key, 32 bytes. */
  readonly hotspotKey: Uint8Array;
  /** The account that sends the registration, 20 bytes. */
  readonly owner: Uint8Array;
}

/**
 * The bytes the hotspot's key signs as its proof of possession: prefix, a zero byte, chain id, registry, key and owner in
 * 32-byte words. Bound to the owner, so that nobody else can use it.
 */
export function registrationMessage({ chainId, registry, hotspotKey, owner }: Registration): Uint8Array {
  return concatBytes(
    utf8ToBytes(PREFIX),
    Uint8Array.of(0),
    uintWord(BigInt(chainId), 256),
    addressWord(registry),
    bytesWord(hotspotKey),
    addressWord(owner),
  );
}
