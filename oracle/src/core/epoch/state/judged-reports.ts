import { compareBytes } from '@sextant/firmware-bridge/protocol';
import type { ByteRows } from '../../packed/byte-rows.ts';
import type { JudgedReports } from './epoch-state.ts';

/**
 * Bytes kept of a report id. A judged report is looked up only to leave out a copy that comes in a later cut: an accident
 * happens once in 10^13 late reports at a million a day, and to aim at somebody's report costs 2^64 hashes before it exists.
 */
const PREFIX_BYTES = 8;

/** `order` are the rows of `ids` in ascending order. */
export function packJudged(epoch: number, ids: ByteRows, order: ArrayLike<number>): JudgedReports {
  const prefixes = new Uint8Array(order.length * PREFIX_BYTES);
  for (let i = 0; i < order.length; i++) {
    prefixes.set(ids.at(order[i] as number).subarray(0, PREFIX_BYTES), i * PREFIX_BYTES);
  }
  return { epoch, prefixes };
}

function countJudged(judged: JudgedReports): number {
  return judged.prefixes.length / PREFIX_BYTES;
}

/** Whether the epoch has judged the report. */
export function hasJudged(judged: JudgedReports, reportId: Uint8Array): boolean {
  const wanted = reportId.subarray(0, PREFIX_BYTES);
  let low = 0;
  let high = countJudged(judged);
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareBytes(judged.prefixes.subarray(middle * PREFIX_BYTES, (middle + 1) * PREFIX_BYTES), wanted);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}

/** Ascending without repeats, and whole prefixes. */
export function arePrefixes(bytes: Uint8Array): boolean {
  if (bytes.length % PREFIX_BYTES !== 0) return false;
  for (let at = PREFIX_BYTES; at < bytes.length; at += PREFIX_BYTES) {
    if (compareBytes(bytes.subarray(at - PREFIX_BYTES, at), bytes.subarray(at, at + PREFIX_BYTES)) > 0) return false;
  }
  return true;
}
