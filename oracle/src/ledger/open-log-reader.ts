import { NOTE_MAX_BYTES, type NoteKey, verifyCheckpoint, verifySignature } from '@sextant/firmware-bridge/protocol';
import { LedgerError } from './ledger-error.ts';
import type { LogReader, SignedCheckpoint } from './log-reader.ts';
import { LogView } from './log-view.ts';
import { readBundle, readTile } from './object-view-source.ts';
import type { ObjectSource } from './storage.ts';
import { CHECKPOINT_PATH } from './tile-path.ts';

export interface LogReaderOptions {
  readonly origin: string;
  /** The key whose signature a checkpoint must carry. */
  readonly key: NoteKey;
  /** Read at this checkpoint (a signed note) instead of the latest. */
  readonly checkpoint?: Uint8Array;
}

export interface LogReaderModules {
  readonly objects: ObjectSource;
}

/**
 * Reads a log that anybody wrote, as it stood at one checkpoint, from its public files. Only the checkpoint is verified:
 * that entries hash to its root is for the reader of them to check (`growTree`).
 */
export async function openLogReader(options: LogReaderOptions, modules: LogReaderModules): Promise<LogReader> {
  const note = options.checkpoint ?? (await modules.objects.read(CHECKPOINT_PATH, NOTE_MAX_BYTES));
  if (note === undefined) {
    throw new LedgerError('not_found', 'there is no checkpoint: this is not the folder or address of a log', {
      path: CHECKPOINT_PATH,
    });
  }
  const verified = verifyCheckpoint(note, options, verifySignature);
  if (!verified.ok) {
    throw new LedgerError(
      'wrong_log',
      `the checkpoint is not one of ${options.origin} by its key (${verified.reason}): check the address and the key`,
      { origin: options.origin, reason: verified.reason },
    );
  }
  const checkpoint: SignedCheckpoint = { ...verified.checkpoint, note };
  return new LogView({
    checkpoint: () => checkpoint,
    tile: async (level, index, width) => readTile(modules.objects, level, index, width),
    bundle: async (index, width) => readBundle(modules.objects, index, width),
  });
}
