/** What keeps the intake from starting or going on. Codes are stable; the message says what to do. */
export const INTAKE_ERROR_CODES = [
  'port_in_use',
  'cannot_listen',
  'tls_required',
  'tls_unreadable',
  'broker_unusable',
] as const;
export type IntakeErrorCode = (typeof INTAKE_ERROR_CODES)[number];

export class IntakeError extends Error {
  readonly code: IntakeErrorCode;

  constructor(code: IntakeErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'IntakeError';
    this.code = code;
  }
}
