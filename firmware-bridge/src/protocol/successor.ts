import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes, equalBytes, utf8ToBytes } from './bytes.ts';
import { DOMAINS, domainMessage } from './domain.ts';
import { findKeyFault, type VerifySignature } from './ed25519.ts';
import type { Successor } from './reports.ts';

const keccakText = (text: string): Uint8Array => keccak_256(utf8ToBytes(text));

/** EIP-712 types of the owner's consent: `Successor(string network,bytes32 oldKey,bytes32 newKey)`. */
const SUCCESSOR_TYPE = keccakText('Successor(string network,bytes32 oldKey,bytes32 newKey)');
const DOMAIN_TYPE = keccakText('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)');

/** Where the owner's signature is valid: a contract on a chain, or, without one, the network itself. */
export interface SigningDomain {
  readonly chainId: bigint;
  /** 20 bytes. */
  readonly verifyingContract: Uint8Array;
}

/** Without a chain: chain id 0 and the last 20 bytes of SHA-256(networkId). */
export function chainlessDomain(networkId: string): SigningDomain {
  return { chainId: 0n, verifyingContract: sha256(utf8ToBytes(networkId)).slice(12) };
}

export interface SuccessorStatement {
  readonly networkId: string;
  readonly oldKey: Uint8Array;
  readonly newKey: Uint8Array;
}

function word(value: bigint): Uint8Array {
  const out = new Uint8Array(32);
  for (let i = 31, rest = value; i >= 0; i--, rest >>= 8n) out[i] = Number(rest & 0xffn);
  return out;
}

/** The 32-byte EIP-712 digest the owner's wallet signs. */
export function successorDigest(statement: SuccessorStatement, domain: SigningDomain): Uint8Array {
  const separator = keccak_256(
    concatBytes(
      DOMAIN_TYPE,
      keccakText('Sextant'),
      keccakText('1'),
      word(domain.chainId),
      concatBytes(new Uint8Array(12), domain.verifyingContract),
    ),
  );
  const struct = keccak_256(
    concatBytes(SUCCESSOR_TYPE, keccakText(statement.networkId), statement.oldKey, statement.newKey),
  );
  return keccak_256(concatBytes(Uint8Array.of(0x19, 0x01), separator, struct));
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

/** What the new key signs, so that nobody can hand a history to a key that does not want it. */
export function successorMessage(statement: SuccessorStatement): Uint8Array {
  return domainMessage(DOMAINS.successor, statement.networkId, statement.oldKey, statement.newKey);
}

export const SUCCESSOR_FAULTS = ['key_not_allowed', 'new_key_signature', 'owner_signature'] as const;
export type SuccessorFault = (typeof SUCCESSOR_FAULTS)[number];

/** Whether a key may be handed over: a good new key that wants it, and the owner's consent. Undefined when it may. */
export function findSuccessorFault(
  networkId: string,
  oldKey: Uint8Array,
  successor: Successor,
  owner: Uint8Array,
  domain: SigningDomain,
  verify: VerifySignature,
): SuccessorFault | undefined {
  const { newKey } = successor;
  const statement = { networkId, oldKey, newKey };
  if (equalBytes(oldKey, newKey) || findKeyFault(newKey)) return 'key_not_allowed';
  if (!verify(successor.newKeySignature, successorMessage(statement), newKey)) return 'new_key_signature';
  if (!isOwnerSignature(successorDigest(statement, domain), successor.ownerSignature, owner)) return 'owner_signature';
  return undefined;
}
