/** Why bytes are not what they claim to be. Codes are stable. */
export const DECODE_REASONS = [
  'too_large',
  'malformed',
  'missing_field',
  'bad_length',
  'out_of_range',
  'unknown_code',
  'wrong_count',
  'not_sorted',
] as const;
export type DecodeReason = (typeof DECODE_REASONS)[number];

export interface DecodeFailure {
  readonly ok: false;
  readonly reason: DecodeReason;
  /** Path of the field, e.g. `reports[3].snr_ddb`; empty for the whole. */
  readonly field: string;
}

export type Decoded<T> = { readonly ok: true; readonly value: T } | DecodeFailure;

/** Carries a refusal out of nested field checks; never leaves this folder: see `decoding`. */
export class FieldError extends Error {
  readonly reason: DecodeReason;
  readonly field: string;
  constructor(reason: DecodeReason, field: string) {
    super(`${field}: ${reason}`);
    this.name = 'FieldError';
    this.reason = reason;
    this.field = field;
  }
}

/** Runs a decoder; every throw of hostile bytes becomes a typed refusal. */
export function decoding<T>(decode: () => T): Decoded<T> {
  try {
    return { ok: true, value: decode() };
  } catch (error) {
    if (error instanceof FieldError) return { ok: false, reason: error.reason, field: error.field };
    return { ok: false, reason: 'malformed', field: '' };
  }
}
