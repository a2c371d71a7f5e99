import { TILE_WIDTH } from './tile-path.ts';
import { ENTRY_MAX_BYTES, plainBytes } from './tree-hash.ts';

const LENGTH_BYTES = 2;

/** No bundle is longer. */
export const BUNDLE_MAX_BYTES = TILE_WIDTH * (LENGTH_BYTES + ENTRY_MAX_BYTES);

/** How many bytes `writeEntries` needs. */
export function entriesByteLength(entries: readonly Uint8Array[]): number {
  return entries.reduce((sum, entry) => sum + LENGTH_BYTES + entry.length, 0);
}

/**
 * Writes entries as C2SP tlog-tiles bundles them, (uint16 big-endian length ‖ bytes)*, and returns each entry as a view
 * of what was written.
 */
export function writeEntries(entries: readonly Uint8Array[], into: Buffer, offset: number): Uint8Array[] {
  let at = offset;
  return entries.map((entry) => {
    at = into.writeUInt16BE(entry.length, at);
    into.set(entry, at);
    at += entry.length;
    return plainBytes(into.subarray(at - entry.length, at));
  });
}

/** An entry bundle. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  const bundle = Buffer.alloc(entriesByteLength(entries));
  writeEntries(entries, bundle, 0);
  return bundle;
}

/** Reads entries as views of `bytes`; undefined when these are not a sequence of at most `maxCount` entries. */
export function decodeBundle(bytes: Uint8Array, maxCount: number): Uint8Array[] | undefined {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    const start = at + LENGTH_BYTES;
    if (start > bytes.length || entries.length === maxCount) return undefined;
    const end = start + ((bytes[at] as number) << 8) + (bytes[at + 1] as number);
    if (end > bytes.length) return undefined;
    entries.push(plainBytes(bytes.subarray(start, end)));
    at = end;
  }
  return entries;
}
