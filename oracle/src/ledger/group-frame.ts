import { crc32 } from 'node:zlib';
import { NOTE_MAX_BYTES } from '@sextant/firmware-bridge/protocol';
import { decodeBundle, entriesByteLength, writeEntries } from './entry-bundle.ts';

/**
 * A group as it lies in a segment, numbers big-endian:
 * `"SXG1" ‖ body length (4) ‖ CRC-32 of the body (4) ‖ body`, where the body is
 * `first leaf (8) ‖ entry count (4) ‖ note length (4) ‖ signed checkpoint ‖ (entry length (2) ‖ entry)*`.
 * The checksum only tells a torn write from a whole one; that the entries are the right ones is what the checkpoint's
 * root says.
 */
export const FRAME_MAGIC = Buffer.from('SXG1', 'latin1');
const HEADER_BYTES = 12;
const BODY_FIXED_BYTES = 16;

export interface Group {
  readonly firstLeaf: number;
  /** The signed checkpoint of the tree that ends with this group. */
  readonly note: Uint8Array;
  readonly entries: readonly Uint8Array[];
}

export interface EncodedGroup {
  readonly frame: Uint8Array;
  /** The entries as views of the frame, so that the caller's buffers are free again. */
  readonly entries: readonly Uint8Array[];
}

export function encodeGroup(group: Group): EncodedGroup {
  const bodyLength = BODY_FIXED_BYTES + group.note.length + entriesByteLength(group.entries);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + bodyLength);
  frame.set(FRAME_MAGIC, 0);
  frame.writeUInt32BE(bodyLength, 4);
  let at = frame.writeBigUInt64BE(BigInt(group.firstLeaf), HEADER_BYTES);
  at = frame.writeUInt32BE(group.entries.length, at);
  at = frame.writeUInt32BE(group.note.length, at);
  frame.set(group.note, at);
  const entries = writeEntries(group.entries, frame, at + group.note.length);
  frame.writeUInt32BE(crc32(frame.subarray(HEADER_BYTES)), 8);
  return { frame, entries };
}

/** The group that starts at `offset` and where it ends; undefined when no whole group stands there. */
export function decodeGroup(segment: Buffer, offset: number): { group: Group; end: number } | undefined {
  if (offset + HEADER_BYTES + BODY_FIXED_BYTES > segment.length) return undefined;
  if (!segment.subarray(offset, offset + 4).equals(FRAME_MAGIC)) return undefined;
  const end = offset + HEADER_BYTES + segment.readUInt32BE(offset + 4);
  if (end > segment.length || end < offset + HEADER_BYTES + BODY_FIXED_BYTES) return undefined;
  const body = segment.subarray(offset + HEADER_BYTES, end);
  if (crc32(body) !== segment.readUInt32BE(offset + 8)) return undefined;
  const firstLeaf = Number(body.readBigUInt64BE(0));
  const count = body.readUInt32BE(8);
  const noteLength = body.readUInt32BE(12);
  if (!Number.isSafeInteger(firstLeaf + count) || count === 0 || noteLength > NOTE_MAX_BYTES) return undefined;
  const note = body.subarray(BODY_FIXED_BYTES, BODY_FIXED_BYTES + noteLength);
  const entries = decodeBundle(body.subarray(BODY_FIXED_BYTES + noteLength), count);
  if (note.length !== noteLength || entries?.length !== count) return undefined;
  return { group: { firstLeaf, note, entries }, end };
}
