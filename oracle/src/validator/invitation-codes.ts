import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  normaliseInvitationCode,
  PARTICIPANT_KINDS,
  type ParticipantKind,
  type UnixMs,
} from '@sextant/firmware-bridge/protocol';

/** Letters that nobody mistakes for one another (Crockford's base 32, lower case). */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const VERSION = 1;
const NONCE_BYTES = 6;
const MAC_BYTES = 8;
/** version, kind, expiry in minutes since 1970 (4 bytes), nonce, MAC. */
const CODE_BYTES = 2 + 4 + NONCE_BYTES + MAC_BYTES;

/** How long a code is good. */
export const INVITATION_LIFETIME_MS = 30 * 86_400_000;

export interface InvitationClaims {
  readonly participant: ParticipantKind;
  readonly expiresAtMs: UnixMs;
}

export type InvitationCodeRefusal = 'malformed_code' | 'not_ours' | 'expired';

/**
 * Invitation codes carry their own proof: the validator keeps nothing until one is redeemed, and then the log says so.
 * `secret` stays with the validator; whoever has a code can make one key known, once.
 */
export interface InvitationCodes {
  create(claims: InvitationClaims, nonce: Uint8Array): string;
  verify(
    code: string,
    nowMs: UnixMs,
  ): { ok: true; claims: InvitationClaims } | { ok: false; reason: InvitationCodeRefusal };
}

export function createInvitationCodes(networkId: string, secret: Uint8Array): InvitationCodes {
  const mac = (body: Uint8Array): Buffer =>
    createHmac('sha256', secret).update('sextant/v1/invitation\0').update(networkId).update(body).digest();
  return {
    create(claims, nonce) {
      const body = Buffer.alloc(CODE_BYTES - MAC_BYTES);
      body[0] = VERSION;
      body[1] = PARTICIPANT_KINDS[claims.participant];
      body.writeUInt32BE(Math.floor(claims.expiresAtMs / 60_000), 2);
      body.set(nonce.subarray(0, NONCE_BYTES), 6);
      return formatCode(Buffer.concat([body, mac(body).subarray(0, MAC_BYTES)]));
    },
    verify(code, nowMs) {
      const bytes = parseCode(code);
      const participant = (Object.keys(PARTICIPANT_KINDS) as ParticipantKind[]).find(
        (kind) => PARTICIPANT_KINDS[kind] === bytes?.[1],
      );
      if (!bytes || bytes[0] !== VERSION || !participant) return { ok: false, reason: 'malformed_code' };
      const body = bytes.subarray(0, CODE_BYTES - MAC_BYTES);
      const expected = mac(body).subarray(0, MAC_BYTES);
      if (!timingSafeEqual(bytes.subarray(CODE_BYTES - MAC_BYTES), expected)) return { ok: false, reason: 'not_ours' };
      const expiresAtMs = (body.readUInt32BE(2) * 60_000) as UnixMs;
      if (expiresAtMs <= nowMs) return { ok: false, reason: 'expired' };
      return { ok: true, claims: { participant, expiresAtMs } };
    },
  };
}

/** Groups of four, easy to read out: `0401-v3k8-…`. */
function formatCode(bytes: Uint8Array): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  let text = '';
  for (let i = 0; i < CODE_LENGTH; i++, bits >>= 5n) text = ALPHABET[Number(bits & 31n)] + text;
  return text.replace(/(.{4})(?=.)/g, '$1-');
}

const CODE_LENGTH = (CODE_BYTES * 8) / 5;

function parseCode(code: string): Buffer | undefined {
  if (code.length > 2 * CODE_LENGTH) return undefined;
  const text = normaliseInvitationCode(code);
  if (text.length !== CODE_LENGTH) return undefined;
  let bits = 0n;
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return undefined;
    bits = (bits << 5n) | BigInt(value);
  }
  return Buffer.from(bits.toString(16).padStart(CODE_BYTES * 2, '0'), 'hex');
}
