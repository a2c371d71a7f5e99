import { codeOf, messageOf, StoreError, type StoreErrorCode } from '../store-error.ts';

/**
 * What to do about a failed statement. `gone`: no server, or it is on its way up or down: wait. `missing`: the database or its
 * tables were deleted: make them again. `conflict`: lost against another transaction: at once again. `value`: this row cannot
 * be stored, others can. `other`: configuration or a mistake of ours.
 */
export type FailureKind = 'gone' | 'missing' | 'conflict' | 'value' | 'other';

const GONE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  // PostgreSQL error codes, appendix A: shutting down or starting, too many connections, disk full, files missing.
  '57P01',
  '57P02',
  '57P03',
  '57P05',
  '53100',
  '53300',
  '58P01',
  '58030',
]);
const MISSING_CODES = new Set(['3D000', '3F000', '42P01', '42703', '57P04']);
const CONFLICT_CODES = new Set(['40001', '40P01', '55P03']);
const GONE_TEXTS =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/;

export function kindOfFailure(error: unknown): FailureKind {
  const code = codeOf(error);
  if (code === undefined) return GONE_TEXTS.test(messageOf(error)) ? 'gone' : 'other';
  if (GONE_CODES.has(code) || code.startsWith('08')) return 'gone';
  if (MISSING_CODES.has(code)) return 'missing';
  if (CONFLICT_CODES.has(code)) return 'conflict';
  if (code.startsWith('22') || code.startsWith('23')) return 'value';
  return 'other';
}

const ADVICE: readonly (readonly [codes: readonly string[], code: StoreErrorCode, advice: string])[] = [
  [
    ['28P01', '28000'],
    'wrong_password',
    'The server refuses the user or the password in DATABASE_URL. Correct it, or set it for the role: ALTER ROLE … PASSWORD ….',
  ],
  [
    ['3D000'],
    'database_missing',
    'The database named in DATABASE_URL does not exist and may not be created by this user. Run createdb, or grant CREATEDB.',
  ],
  [
    ['42501'],
    'not_permitted',
    'The user of DATABASE_URL may not create schemas there. Grant it: GRANT CREATE ON DATABASE … TO ….',
  ],
  [
    ['ENOTFOUND', 'EAI_AGAIN'],
    'unreachable',
    'The host in DATABASE_URL is not known. Check its spelling and this machine’s name service.',
  ],
];

/** A failure to connect or to prepare the database, in words that say what to do. */
export function explainFailure(error: unknown, where: string): StoreError {
  if (error instanceof StoreError) return error;
  const found = codeOf(error) ?? '';
  const facts = { where, found };
  for (const [codes, code, advice] of ADVICE) {
    if (codes.includes(found)) return new StoreError(code, `${advice} (${where})`, facts, error);
  }
  const advice =
    kindOfFailure(error) === 'gone'
      ? 'Nothing answers there. Start the server, check host and port in DATABASE_URL, or unset it to use the embedded database.'
      : 'Check DATABASE_URL and the server’s log.';
  return new StoreError(
    'unreachable',
    `The database at ${where} cannot be used: ${messageOf(error)}. ${advice}`,
    facts,
    error,
  );
}
