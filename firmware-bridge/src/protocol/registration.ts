import { concatBytes, utf8ToBytes } from './bytes.ts';
import { word } from './owner-signature.ts';

/** What a hotspot's key has to agree to before an owner may register it on a chain. */
export interface RegistrationStatement {
  readonly chainId: number;
  /** The hotspot registry, EVM address of 20 bytes. */
  readonly registry: Uint8Array;
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** The account that sends the registration, 20 bytes. */
  readonly owner: Uint8Array;
}

/** What the hotspot's key signs: bound to the owner, so that nobody else can use it. */
export function registrationMessage({ chainId, registry, key, owner }: RegistrationStatement): Uint8Array {
  const address = (bytes: Uint8Array): Uint8Array => concatBytes(new Uint8Array(12), bytes);
  return concatBytes(
    utf8ToBytes('sextant/v1/registration'),
    Uint8Array.of(0),
    word(BigInt(chainId)),
    address(registry),
    key,
    address(owner),
  );
}
