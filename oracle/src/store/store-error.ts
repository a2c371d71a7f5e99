/** Why the database cannot be used. Codes are stable; the message says what to do next. */
export const STORE_ERROR_CODES = [
  'no_postgres_binaries',
  'cannot_run_as_root',
  'folder_in_use',
  'folder_not_usable',
  'cluster_not_created',
  'server_not_started',
  'bad_url',
  'unreachable',
  'wrong_password',
  'database_missing',
  'not_permitted',
  'schema_missing',
  'too_old',
] as const;
export type StoreErrorCode = (typeof STORE_ERROR_CODES)[number];

/** Carries facts: `code` for programs, `message` with the next step for people, `facts` for the log. Never a secret. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  readonly facts: Readonly<Record<string, string | number>>;
  constructor(
    code: StoreErrorCode,
    message: string,
    facts: Readonly<Record<string, string | number>> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StoreError';
    this.code = code;
    this.facts = facts;
  }
}

/** The `code` of a system or PostgreSQL error (`ENOENT`, `28P01`), if it has one. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
