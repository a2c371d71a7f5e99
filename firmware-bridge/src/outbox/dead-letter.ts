import type { AdmissionReason, UnixMs } from '../protocol/index.ts';
import { type KindCounts, REPORT_KINDS } from './outbox-counts.ts';

/** A batch that the validators refused for good: nothing in it will ever count. */
export interface DeadLetter {
  readonly reason: AdmissionReason;
  readonly refusedAtMs: UnixMs;
  readonly reports: KindCounts;
  /** The batch as it was sent. */
  readonly envelope: Uint8Array;
}

/** How many of the newest are kept for the owner to see; the counters count all. */
export const DEAD_LETTERS_KEPT = 100;

/** Two bytes of length, that much JSON, then the envelope. */
export function encodeDeadLetter({ envelope, ...about }: DeadLetter): Uint8Array {
  const json = Buffer.from(JSON.stringify(about));
  const length = Buffer.alloc(2);
  length.writeUInt16BE(json.length);
  return Buffer.concat([length, json, envelope]);
}

/** Throws when the bytes are not what `encodeDeadLetter` wrote. */
export function decodeDeadLetter(stored: Uint8Array): DeadLetter {
  const bytes = Buffer.from(stored);
  const end = 2 + bytes.readUInt16BE(0);
  const about = JSON.parse(bytes.subarray(2, end).toString()) as Omit<DeadLetter, 'envelope'>;
  if (Object.keys(about.reports).some((kind) => !REPORT_KINDS.some((known) => known === kind))) {
    throw new TypeError('a dead letter is unreadable');
  }
  return { ...about, envelope: new Uint8Array(bytes.subarray(end)) };
}
