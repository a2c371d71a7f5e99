import { dirname } from 'node:path';
import type { Logger } from 'pino';
import type { FileSystem } from './file-system.ts';
import { decodeGroup, FRAME_MAGIC, type Group } from './group-frame.ts';
import { LedgerError } from './ledger-error.ts';
import { listSegments, type Segment } from './segment-file.ts';

/** A segment that holds at least one group. */
export interface FilledSegment extends Segment {
  readonly endLeaf: number;
}

/** What is known of the log from elsewhere. */
export interface RecoveryFacts {
  /** The published checkpoint says that so many entries were synced. */
  readonly leastSize: number;
  /** Tells a group of this log from bytes in an entry that were made to look like one: whether this key signed that size. */
  readonly isOwnCheckpoint: (note: Uint8Array, size: number) => boolean;
}

export interface RecoveryModules {
  readonly fileSystem: FileSystem;
  readonly logger: Logger;
  /** Told of every segment that stays, once its groups have been given. */
  readonly onSegment: (segment: FilledSegment) => void;
}

const SEGMENT_READ_MAX_BYTES = 0x7fff_ffff;

/**
 * Reads all groups in order and cuts what follows the last one that may have been receipted:
 * - a torn write at the very end: its sync never returned, so nobody holds a receipt for it;
 * - what stands in a segment beyond the start of the next: a failed write that was answered with an error.
 *
 * A bad place that a whole group of ours or the published checkpoint lies behind is damage to synced bytes and is never
 * cut: `ledger_corrupt`.
 */
export async function* recoverSegments(
  directory: string,
  facts: RecoveryFacts,
  modules: RecoveryModules,
): AsyncGenerator<Group> {
  const segments = await listSegments(modules.fileSystem, directory);
  let expected = segments[0]?.firstLeaf ?? 0;
  let filled = 0;
  for (const [at, segment] of segments.entries()) {
    const limit = segments[at + 1]?.firstLeaf;
    if (segment.firstLeaf !== expected) throw damaged(segment, expected, 'groups are missing before this segment');
    const bytes = asBuffer(await modules.fileSystem.read(segment.path, SEGMENT_READ_MAX_BYTES));
    const { groups, endLeaf, cutAt } = readGroups(segment, bytes, limit ?? Number.POSITIVE_INFINITY);
    const isWhole = limit === undefined ? endLeaf >= facts.leastSize : endLeaf === limit;
    if (!isWhole || hasLaterGroup(bytes, cutAt, endLeaf, facts.isOwnCheckpoint)) {
      throw damaged(segment, endLeaf, 'bytes that were synced are missing or have changed');
    }
    if (limit === undefined && filled + groups.length === 0 && endLeaf > 0) {
      throw damaged(segment, endLeaf, 'all groups are missing');
    }
    if (cutAt < bytes.length) await cut(segment, { cutAt, endLeaf, bytes: bytes.length }, modules);
    yield* groups;
    if (groups.length === 0) await removeEmpty(segment, modules);
    else modules.onSegment({ ...segment, endLeaf });
    filled += groups.length;
    expected = endLeaf;
  }
}

function readGroups(segment: Segment, bytes: Buffer, limit: number) {
  const groups: Group[] = [];
  let endLeaf = segment.firstLeaf;
  let cutAt = 0;
  while (endLeaf < limit) {
    const decoded = decodeGroup(bytes, cutAt);
    if (decoded === undefined || decoded.group.firstLeaf !== endLeaf) break;
    groups.push(decoded.group);
    endLeaf += decoded.group.entries.length;
    cutAt = decoded.end;
  }
  return { groups, endLeaf, cutAt };
}

/** Whether a whole group of this log that begins beyond `endLeaf` stands somewhere behind the byte `from`. */
function hasLaterGroup(
  bytes: Buffer,
  from: number,
  endLeaf: number,
  isOwnCheckpoint: RecoveryFacts['isOwnCheckpoint'],
): boolean {
  for (let at = bytes.indexOf(FRAME_MAGIC, from); at >= 0; at = bytes.indexOf(FRAME_MAGIC, at + 1)) {
    const group = decodeGroup(bytes, at)?.group;
    if (group === undefined || group.firstLeaf <= endLeaf) continue;
    if (isOwnCheckpoint(group.note, group.firstLeaf + group.entries.length)) return true;
  }
  return false;
}

async function cut(
  segment: Segment,
  found: { readonly cutAt: number; readonly endLeaf: number; readonly bytes: number },
  modules: RecoveryModules,
): Promise<void> {
  await modules.fileSystem.truncate(segment.path, found.cutAt);
  await modules.fileSystem.sync(segment.path);
  modules.logger.warn(
    { segment: segment.path, cutBytes: found.bytes - found.cutAt, keptBytes: found.cutAt, nextLeaf: found.endLeaf },
    'cut an unfinished group off the ledger; no receipt was ever given for it',
  );
}

async function removeEmpty(segment: Segment, modules: RecoveryModules): Promise<void> {
  await modules.fileSystem.remove(segment.path);
  await modules.fileSystem.syncDirectory(dirname(segment.path));
}

function damaged(segment: Segment, nextLeaf: number, what: string): LedgerError {
  return new LedgerError(
    'ledger_corrupt',
    `${segment.path}: ${what} (expected entry ${nextLeaf}). Receipts exist for what stood there, so nothing was cut. ` +
      'Stop, check the disk, and restore the folder from a copy that is whole.',
    { path: segment.path, nextLeaf },
  );
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
