import type { ParticipantKind } from '@sextant/firmware-bridge/protocol';
import type { AddressText, ParticipantId } from './text.ts';

/** Body of `POST /api/v1/join`: a new key asks to become known. Refusals are a `Problem`. */
export interface JoinRequest {
  /** `hs1…` or `sv1…`, as `participant` says. */
  readonly key: ParticipantId;
  readonly participant: ParticipantKind;
  readonly owner: AddressText;
  /** The text of the invitation code. Asking again with the same key and code is no error: the answer is the same. */
  readonly code: string;
  /** 64 bytes in hex: the key's signature over `joinMessage`. */
  readonly keySignature: string;
}

/** The answer: the key is known, its invitation is in the log. */
export interface JoinView {
  readonly key: ParticipantId;
  readonly owner: AddressText;
}

/**
 * Body of `POST /api/v1/broker/session`: where the broker cannot judge a login token itself (Mosquitto), a participant brings
 * the token here first and then logs in with it. Elsewhere the route does not exist.
 */
export interface BrokerSessionRequest {
  readonly id: ParticipantId;
  /** The login token. */
  readonly token: string;
}

export interface BrokerSessionView {
  /** The broker closes the session then. */
  readonly expiresAtMs: number;
}
