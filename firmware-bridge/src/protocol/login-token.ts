import { base64urlnopad } from '@scure/base';
import { concatBytes, equalBytes, uint64BigEndian } from './bytes.ts';
import { DOMAINS, domainMessage } from './domain.ts';
import { SIGNATURE_BYTES, type VerifySignature } from './ed25519.ts';
import type { UnixMs } from './units.ts';

/** A session lives no longer than its token. */
export const LOGIN_TOKEN_MAX_LIFETIME_MS = 10 * 60_000;
const VERSION = 1;
const TOKEN_BYTES = 1 + 32 + 32 + 8 + SIGNATURE_BYTES;

export interface LoginClaims {
  readonly validator: Uint8Array;
  readonly hotspot: Uint8Array;
  readonly expiresAtMs: UnixMs;
}

export const LOGIN_REFUSALS = [
  'malformed_token',
  'other_hotspot',
  'other_validator',
  'expired',
  'lifetime_too_long',
  'bad_signature',
] as const;
export type LoginRefusal = (typeof LOGIN_REFUSALS)[number];

function claimsMessage(networkId: string, claims: LoginClaims): Uint8Array {
  const expiry = uint64BigEndian(claims.expiresAtMs);
  return domainMessage(DOMAINS.login, networkId, claims.validator, claims.hotspot, expiry);
}

/**
 * The MQTT password of a participant at one validator, as base64url text:
 * `01 ‖ validator key ‖ participant key ‖ expiry (8 bytes, big-endian, Unix ms) ‖ signature`.
 */
export function createLoginToken(
  networkId: string,
  claims: LoginClaims,
  sign: (message: Uint8Array) => Uint8Array,
): string {
  const signature = sign(claimsMessage(networkId, claims));
  return base64urlnopad.encode(
    concatBytes(
      Uint8Array.of(VERSION),
      claims.validator,
      claims.hotspot,
      uint64BigEndian(claims.expiresAtMs),
      signature,
    ),
  );
}

export interface LoginExpectation {
  readonly networkId: string;
  readonly validator: Uint8Array;
  readonly hotspot: Uint8Array;
  readonly nowMs: UnixMs;
}

/** Judges a token. Cheap refusals come before the signature; nothing here says whether the key is known. */
export function verifyLoginToken(
  token: string,
  expected: LoginExpectation,
  verify: VerifySignature,
): { ok: true; claims: LoginClaims } | { ok: false; reason: LoginRefusal } {
  const bytes = decodeToken(token);
  if (!bytes) return { ok: false, reason: 'malformed_token' };
  const expiry = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(65);
  if (expiry > BigInt(Number.MAX_SAFE_INTEGER)) return { ok: false, reason: 'lifetime_too_long' };
  const claims: LoginClaims = {
    validator: bytes.slice(1, 33),
    hotspot: bytes.slice(33, 65),
    expiresAtMs: Number(expiry) as UnixMs,
  };
  if (!equalBytes(claims.hotspot, expected.hotspot)) return { ok: false, reason: 'other_hotspot' };
  if (!equalBytes(claims.validator, expected.validator)) return { ok: false, reason: 'other_validator' };
  if (claims.expiresAtMs <= expected.nowMs) return { ok: false, reason: 'expired' };
  if (claims.expiresAtMs > expected.nowMs + LOGIN_TOKEN_MAX_LIFETIME_MS) {
    return { ok: false, reason: 'lifetime_too_long' };
  }
  if (!verify(bytes.slice(73), claimsMessage(expected.networkId, claims), claims.hotspot)) {
    return { ok: false, reason: 'bad_signature' };
  }
  return { ok: true, claims };
}

function decodeToken(token: string): Uint8Array | undefined {
  if (token.length !== Math.ceil((TOKEN_BYTES * 4) / 3)) return undefined;
  try {
    const bytes = base64urlnopad.decode(token);
    return bytes.length === TOKEN_BYTES && bytes[0] === VERSION ? bytes : undefined;
  } catch {
    return undefined;
  }
}
