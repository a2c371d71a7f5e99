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

/** A code as it is checked and hashed: forgives case, dashes, spaces and the letters people confuse (o → 0, i, l → 1). */
export function normaliseInvitationCode(code: string): string {
  return code.toLowerCase().replaceAll(/[\s-]/g, '').replaceAll('o', '0').replaceAll(/[il]/g, '1');
}

/** SHA-256 of the normalised code: the log names a code without giving it away. */
export function invitationCodeHash(code: string): Uint8Array {
  return sha256(utf8ToBytes(normaliseInvitationCode(code)));
}
