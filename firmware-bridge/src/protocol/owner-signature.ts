import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes, equalBytes, utf8ToBytes } from './bytes.ts';

export const keccakText = (text: string): Uint8Array => keccak_256(utf8ToBytes(text));

const DOMAIN_TYPE = keccakText('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)');

/** Where an owner's signature is valid: a contract on a chain, or, without one, the network itself. */
export interface SigningDomain {
  readonly chainId: bigint;
  /** 20 bytes. */
  readonly verifyingContract: Uint8Array;
}

/** Without a chain: chain id 0 and the last 20 bytes of SHA-256(networkId). */
export function chainlessDomain(networkId: string): SigningDomain {
  return { chainId: 0n, verifyingContract: sha256(utf8ToBytes(networkId)).slice(12) };
}

/** An EIP-712 uint256. */
export function word(value: bigint): Uint8Array {
  const out = new Uint8Array(32);
  for (let i = 31, rest = value; i >= 0; i--, rest >>= 8n) out[i] = Number(rest & 0xffn);
  return out;
}

/** The 32-byte EIP-712 digest a wallet signs for a struct, given the words its type and members encode to. */
export function ownerDigest(domain: SigningDomain, ...struct: readonly Uint8Array[]): Uint8Array {
  const separator = keccak_256(
    concatBytes(
      DOMAIN_TYPE,
      keccakText('Sextant'),
      keccakText('1'),
      word(domain.chainId),
      concatBytes(new Uint8Array(12), domain.verifyingContract),
    ),
  );
  return keccak_256(concatBytes(Uint8Array.of(0x19, 0x01), separator, keccak_256(concatBytes(...struct))));
}

/** Whether `signature` (r ‖ s ‖ v, v = 27 or 28, low s) over the digest is `owner`'s. Never throws. */
export function isOwnerSignature(digest: Uint8Array, signature: Uint8Array, owner: Uint8Array): boolean {
  const v = signature[64];
  if (signature.length !== 65 || (v !== 27 && v !== 28)) return false;
  try {
    const recovered = concatBytes(Uint8Array.of(v - 27), signature.subarray(0, 64));
    const parsed = secp256k1.Signature.fromBytes(recovered, 'recovered');
    if (parsed.hasHighS()) return false;
    const point = parsed.recoverPublicKey(digest).toBytes(false);
    return equalBytes(keccak_256(point.subarray(1)).subarray(12), owner);
  } catch {
    return false;
  }
}
