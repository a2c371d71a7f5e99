import { type KindCounts, type OutboxTotals, REPORT_KINDS } from './outbox-counts.ts';

/** Where a participant's things lie in the store, and how the small ones are written. */

const NUMBER_DIGITS = 14;

/** Sorts as the number does. */
export const keyNumber = (value: number): string => value.toString(16).padStart(NUMBER_DIGITS, '0');
export const numberOfKey = (key: string): number => Number.parseInt(key.slice(-NUMBER_DIGITS), 16);

export interface PartitionKeys {
  readonly meta: string;
  /** Witness reports, oldest first: what is dropped when the outbox is full. */
  readonly witnesses: string;
  /** All other reports, oldest first. */
  readonly others: string;
  /** Batches on their way, named by the number of their first report. */
  readonly batches: string;
  readonly deadLetters: string;
  /** What beaconing must not forget. */
  readonly state: string;
}

export function partitionKeys(publicKeyHex: string): PartitionKeys {
  const at = (part: string): string => `${publicKeyHex}/${part}/`;
  return {
    meta: `${publicKeyHex}/meta`,
    witnesses: at('w'),
    others: at('o'),
    batches: at('b'),
    deadLetters: at('d'),
    state: at('s'),
  };
}

/** The counters of a partition, written with every change in the same atomic write. */
export interface PartitionMeta {
  /** +1 with every write: tells after a failed one whether it happened. */
  readonly revision: number;
  readonly nextReport: number;
  /** Of queued reports and batches on their way, keys included. */
  readonly bytes: number;
  readonly queuedWitnesses: number;
  readonly queuedOthers: number;
  readonly totals: OutboxTotals;
}

export function encodeMeta(meta: PartitionMeta): Uint8Array {
  return Buffer.from(JSON.stringify(meta));
}

/** Throws SyntaxError or TypeError when the bytes are not what `encodeMeta` wrote: LevelDB's checksums make that a bug. */
export function decodeMeta(bytes: Uint8Array): PartitionMeta {
  const meta = JSON.parse(Buffer.from(bytes).toString()) as PartitionMeta;
  const counts: KindCounts[] = Object.values(meta.totals);
  const numbers = [meta.revision, meta.nextReport, meta.bytes, meta.queuedWitnesses, meta.queuedOthers];
  const known = counts.every((group) => Object.keys(group).every((kind) => REPORT_KINDS.some((k) => k === kind)));
  if (!known || !numbers.every(Number.isSafeInteger)) throw new TypeError('the counters of the outbox are unreadable');
  return meta;
}
