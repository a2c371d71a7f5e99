import {
  type Checkpoint,
  equalBytes,
  NOTE_MAX_BYTES,
  type NoteKey,
  parseCheckpoint,
  parseSignedNote,
  verifyCheckpoint,
  verifySignature,
} from '@sextant/firmware-bridge/protocol';
import type { Logger } from 'pino';
import type { Group } from './group-frame.ts';
import { type LedgerState, viewOf } from './ledger.ts';
import { LedgerError } from './ledger-error.ts';
import type { SignedCheckpoint } from './log-reader.ts';
import { LogTail } from './log-tail.ts';
import { preloadTail } from './preload-tail.ts';
import type { LogStorage } from './storage.ts';
import { CHECKPOINT_PATH } from './tile-path.ts';
import { TileWriter } from './tile-writer.ts';
import { hashLeaf } from './tree-hash.ts';
import { EMPTY_TREE_HEAD, growTree, rootOfHead, type TreeHead } from './tree-head.ts';

export interface RecoverOptions {
  readonly origin: string;
  readonly key: NoteKey;
  readonly maxTailBytes: number;
}

export interface RecoverModules {
  readonly storage: LogStorage;
  readonly logger: Logger;
  readonly signCheckpoint: (checkpoint: Checkpoint) => SignedCheckpoint;
}

/**
 * Finds the log that a storage holds, after a clean stop or any crash: the tree is built again from the groups and must
 * come to the roots that were signed. Doing it twice changes nothing. An empty storage is a log without entries.
 */
export async function recoverLedger(options: RecoverOptions, modules: RecoverModules): Promise<LedgerState> {
  const { storage } = modules;
  const published = await readPublished(options, modules);
  const leastSize = published?.size ?? 0;
  const isOwnCheckpoint = (candidate: Uint8Array, size: number) => {
    const verified = verifyCheckpoint(candidate, options, verifySignature);
    return verified.ok && verified.checkpoint.size === size;
  };
  const tail = new LogTail();
  const writer = new TileWriter(tail, storage.objects);
  let head: TreeHead | undefined;
  let note: Uint8Array | undefined;
  for await (const group of storage.groups.recover({ leastSize, isOwnCheckpoint })) {
    if (head === undefined) {
      head = await preloadTail(group.firstLeaf, tail, storage.objects);
      writer.startAt(group.firstLeaf);
    }
    head = acceptGroup(head, group, tail);
    note = group.note;
    if (tail.bytes > options.maxTailBytes) await writer.writeFull(head.size);
  }
  head ??= EMPTY_TREE_HEAD;
  const checkpoint = latestCheckpoint(head, note, options, modules);
  await assertExtends(published, checkpoint, async (size) => viewOf(tail, storage, () => checkpoint).rootAt(size));
  return { head, checkpoint, tail, writer };
}

function acceptGroup(head: TreeHead, group: Group, tail: LogTail): TreeHead {
  const growth = growTree(head, group.entries.map(hashLeaf));
  const note = parseSignedNote(group.note);
  const signed = note.ok ? parseCheckpoint(note.note.text) : note;
  if (!signed.ok || signed.checkpoint.size !== growth.head.size || !equalBytes(signed.checkpoint.root, growth.root)) {
    throw new LedgerError(
      'ledger_corrupt',
      `the entries up to ${growth.head.size} do not come to the root that was signed for them. Nothing was changed: ` +
        'check the disk, and restore the folder from a copy that is whole.',
      { size: growth.head.size },
    );
  }
  tail.push(group.entries, growth);
  return growth.head;
}

function latestCheckpoint(
  head: TreeHead,
  note: Uint8Array | undefined,
  options: RecoverOptions,
  modules: RecoverModules,
): SignedCheckpoint {
  const checkpoint = { origin: options.origin, size: head.size, root: rootOfHead(head) };
  if (note === undefined) return modules.signCheckpoint(checkpoint);
  const verified = verifyCheckpoint(note, options, verifySignature);
  if (!verified.ok) throw wrongLog(options, verified.reason);
  return { ...checkpoint, note: Uint8Array.from(note) };
}

/** The checkpoint that readers were last shown: proof that the log once had that size. */
async function readPublished(options: RecoverOptions, modules: RecoverModules): Promise<Checkpoint | undefined> {
  const note = await modules.storage.objects.read(CHECKPOINT_PATH, NOTE_MAX_BYTES);
  if (note === undefined) return undefined;
  const verified = verifyCheckpoint(note, options, verifySignature);
  if (verified.ok) return verified.checkpoint;
  if (verified.reason === 'unknown_key' || verified.reason === 'other_origin') throw wrongLog(options, verified.reason);
  modules.logger.warn({ reason: verified.reason }, 'the published checkpoint is unreadable; it is written anew');
  return undefined;
}

async function assertExtends(
  published: Checkpoint | undefined,
  checkpoint: SignedCheckpoint,
  rootAt: (size: number) => Promise<Uint8Array>,
): Promise<void> {
  if (published === undefined) return;
  if (published.size <= checkpoint.size && equalBytes(await rootAt(published.size), published.root)) return;
  throw new LedgerError(
    'ledger_corrupt',
    `readers were shown a log of ${published.size} entries, and the folder holds ${checkpoint.size} that do not extend ` +
      'it: this is an older or a mixed copy. Signing on would contradict what was signed; restore the newest copy.',
    { publishedSize: published.size, size: checkpoint.size },
  );
}

function wrongLog(options: RecoverOptions, reason: string): LedgerError {
  return new LedgerError(
    'wrong_log',
    `the folder holds a log that is not ${options.origin} with the key ${options.key.name} (${reason}): ` +
      'use the key that belongs to it, or an empty folder for a new log',
    { origin: options.origin, reason },
  );
}
