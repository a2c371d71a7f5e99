/** One key, and its new value; undefined deletes it. */
export interface StoreChange {
  readonly key: string;
  readonly value: Uint8Array | undefined;
}

export interface StoreEntry {
  readonly key: string;
  readonly value: Uint8Array;
}

/** Ascending by key: `from` ≤ key < `to`. */
export interface StoreRange {
  readonly from: string;
  readonly to: string;
  readonly limit?: number;
}

/**
 * Keys and values that survive a power cut. `write` is all or nothing and synced when it resolves. After a rejected
 * `write` or `read` it is unknown whether the change is there: everything rejects until `reopen` has succeeded.
 */
export interface DurableStore {
  read(range: StoreRange): Promise<readonly StoreEntry[]>;
  write(changes: readonly StoreChange[]): Promise<void>;
  /** Opens the files anew after a failure. Rejects with StoreError while they cannot be opened. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

/** The disk is full, the folder is in use or cannot be written; the message says what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: 'in_use' | 'disk_full' | 'failed';

  constructor(code: StoreError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

export const keyRange = (prefix: string, limit?: number): StoreRange => ({
  from: prefix,
  // No key of ours holds a character above '~'.
  to: `${prefix}~`,
  ...(limit === undefined ? {} : { limit }),
});
