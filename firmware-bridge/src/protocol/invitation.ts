import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from './bytes.ts';
import { DOMAINS, domainMessage } from './domain.ts';
import type { Invitation } from './records.ts';
import { PARTICIPANT_KINDS } from './reports.ts';

/** What a new key signs to join with an invitation code. */
export function joinMessage(
  networkId: string,
  invitation: Pick<Invitation, 'key' | 'participant' | 'owner' | 'codeHash'>,
): Uint8Array {
  const kind = Uint8Array.of(PARTICIPANT_KINDS[invitation.participant]);
  return domainMessage(DOMAINS.join, networkId, invitation.key, kind, invitation.owner, invitation.codeHash);
}

/** SHA-256 of the code's text: the log names a code without giving it away. */
export function invitationCodeHash(code: string): Uint8Array {
  return sha256(utf8ToBytes(code));
}
