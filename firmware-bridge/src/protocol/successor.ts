import { equalBytes } from './bytes.ts';
import { DOMAINS, domainMessage } from './domain.ts';
import { findKeyFault, type VerifySignature } from './ed25519.ts';
import { isOwnerSignature, keccakText, ownerDigest, type SigningDomain } from './owner-signature.ts';
import type { Successor } from './reports.ts';

/** EIP-712 types of the owner's consent: `Successor(string network,bytes32 oldKey,bytes32 newKey)`. */
const SUCCESSOR_TYPE = keccakText('Successor(string network,bytes32 oldKey,bytes32 newKey)');

export interface SuccessorStatement {
  readonly networkId: string;
  readonly oldKey: Uint8Array;
  readonly newKey: Uint8Array;
}

/** The 32-byte EIP-712 digest the owner's wallet signs. */
export function successorDigest({ networkId, oldKey, newKey }: SuccessorStatement, domain: SigningDomain): Uint8Array {
  return ownerDigest(domain, SUCCESSOR_TYPE, keccakText(networkId), oldKey, newKey);
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
