import type { Clock } from '@sextant/firmware-bridge/clock';
import {
  LOGIN_REFUSALS,
  type LoginClaims,
  parseId,
  type VerifySignature,
  verifyLoginToken,
} from '@sextant/firmware-bridge/protocol';
import { findKnownKey } from './participant.ts';
import type { KnownKeys } from './ports.ts';

/** Why somebody may not log in. Codes are stable: they are counted, and an external broker's log shows them. */
export const LOGIN_OUTCOMES = [
  'accepted',
  'malformed_id',
  'unknown_key',
  'other_client_id',
  'foreign_will',
  ...LOGIN_REFUSALS,
] as const;
export type LoginOutcome = (typeof LOGIN_OUTCOMES)[number];

export interface LoginAttempt {
  readonly username: string;
  readonly clientId: string;
  /** The login token, text. */
  readonly password: string;
}

export type LoginJudgement =
  | { readonly outcome: 'accepted'; readonly claims: LoginClaims }
  | { readonly outcome: Exclude<LoginOutcome, 'accepted'> };

export interface LoginOptions {
  readonly networkId: string;
  /** This validator's key: a token made for another one is worth nothing here. */
  readonly validator: Uint8Array;
}

export interface LoginModules {
  readonly knownKeys: KnownKeys;
  readonly clock: Clock;
  /** A login is no consensus matter: the native verifier alone, so that a bad token costs no slow path. */
  readonly verify: VerifySignature;
}

/** Judges logins for the embedded broker and for external ones that ask over HTTP. Nothing here counts or logs. */
export function createLogin(options: LoginOptions, modules: LoginModules): (attempt: LoginAttempt) => LoginJudgement {
  const { networkId, validator } = options;
  const { knownKeys, clock, verify } = modules;
  return ({ username, clientId, password }) => {
    if (!parseId(username)) return { outcome: 'malformed_id' };
    if (clientId !== username) return { outcome: 'other_client_id' };
    const hotspot = findKnownKey(username, knownKeys);
    if (!hotspot) return { outcome: 'unknown_key' };
    const verdict = verifyLoginToken(password, { networkId, validator, hotspot, nowMs: clock.now() }, verify);
    return verdict.ok ? { outcome: 'accepted', claims: verdict.claims } : { outcome: verdict.reason };
  };
}
