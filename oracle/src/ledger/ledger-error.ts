/** What can go wrong with a log. Codes are stable; the message says what to do. */
export const LEDGER_ERROR_CODES = [
  /** A write or sync failed: nothing of the group is in the log, and appending works again when the disk does. */
  'storage_unavailable',
  /** More is queued than the disk can take. */
  'queue_full',
  'entry_too_large',
  'batch_too_large',
  'ledger_closed',
  /** Another process has the folder open. */
  'ledger_locked',
  /** Another process took the folder over while this one had it open. */
  'lock_lost',
  /** The folder holds the log of another origin or key. */
  'wrong_log',
  /** Bytes that were synced have changed or are missing. */
  'ledger_corrupt',
  /** The index or size is beyond the checkpoint. */
  'out_of_range',
  /** A tile, an entry bundle or a checkpoint that should be there is not. */
  'not_found',
  /** A tile, an entry bundle or a checkpoint is not what its format says. */
  'malformed',
] as const;
export type LedgerErrorCode = (typeof LEDGER_ERROR_CODES)[number];

export type LedgerErrorFacts = Readonly<Record<string, string | number | undefined>>;

/** Every failure of the ledger; `facts` are the numbers behind the sentence. */
export class LedgerError extends Error {
  readonly code: LedgerErrorCode;
  readonly facts: LedgerErrorFacts;

  constructor(code: LedgerErrorCode, message: string, facts: LedgerErrorFacts = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'LedgerError';
    this.code = code;
    this.facts = facts;
  }
}

/** The system's code of a failed file operation (`ENOSPC`, `ENOENT`, …), or undefined. */
export function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Wraps a failed write or sync of `path`. */
export function storageUnavailable(doing: string, path: string, cause: unknown): LedgerError {
  const systemCode = systemCodeOf(cause);
  const advice =
    systemCode === 'ENOSPC' || systemCode === 'EDQUOT'
      ? 'free space on that disk'
      : 'check that disk and the permissions of the folder';
  return new LedgerError(
    'storage_unavailable',
    `${doing} ${path} failed${systemCode === undefined ? '' : ` (${systemCode})`}: ${advice}. ` +
      'Nothing of this group was logged; send it again, appending goes on as soon as the disk works.',
    { path, systemCode },
    cause,
  );
}
