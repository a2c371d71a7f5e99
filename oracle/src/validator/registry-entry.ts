import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import { chainAccountOf } from './chain-account.ts';
import type { ValidatorIdentity } from './identity.ts';

/** What a chain's validator registry holds of a validator, `0x` and hex: an entry of a deployment's configuration. */
export interface RegistryEntry {
  readonly account: `0x${string}`;
  readonly logKey: `0x${string}`;
  readonly mirrorKey: `0x${string}`;
  readonly chainAnchor: `0x${string}`;
}

/** Public keys only. */
export function registryEntryOf({ chainKey, signer, mirrorKey, chain }: ValidatorIdentity): RegistryEntry {
  const text = (bytes: Uint8Array): `0x${string}` => `0x${bytesToHex(bytes)}`;
  return {
    account: text(chainAccountOf(chainKey)),
    logKey: text(signer.publicKey),
    mirrorKey: text(mirrorKey),
    chainAnchor: text(chain.anchor),
  };
}
