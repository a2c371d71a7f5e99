import { join } from 'node:path';
import type { Clock } from '@sextant/firmware-bridge/clock';
import { isKeyName } from '@sextant/firmware-bridge/protocol';
import type { Logger } from 'pino';
import { createCheckpointSigner, type NoteSigner, noteKeyOf } from './checkpoint-signer.ts';
import type { FileSystem } from './file-system.ts';
import { FolderGroups } from './folder-groups.ts';
import { FolderLock } from './folder-lock.ts';
import { FolderObjects } from './folder-objects.ts';
import { Ledger } from './ledger.ts';
import { nodeProcessTable, type ProcessTable } from './process-table.ts';
import { recoverLedger } from './recover-ledger.ts';
import type { LogStorage } from './storage.ts';

const MIB = 1024 * 1024;

export interface OpenLedgerOptions {
  /** The log's own folder; made when it is missing. */
  readonly directory: string;
  /** Names the log in its checkpoints; by recommendation its public address without the scheme. */
  readonly origin: string;
  /** How long an idle ledger waits for company before it syncs, milliseconds: 0 (default) to 50. */
  readonly gatherMs?: number;
  /** A segment is ended by the group that reaches this size; 16 MiB unless given. */
  readonly segmentBytes?: number;
  /** Least time between two published checkpoints, milliseconds; 1,000 unless given. */
  readonly publishIntervalMs?: number;
  /** Entries in memory beyond this are first written to full bundles; 32 MiB unless given. */
  readonly maxTailBytes?: number;
}

export interface OpenLedgerModules {
  readonly fileSystem: FileSystem;
  readonly signer: NoteSigner;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The machine's own unless given. */
  readonly processes?: ProcessTable;
}

/** Ceilings of a group (entries, waiting) and of what may wait for one. */
const MAX_GROUP_ENTRIES = 1_024;
const MAX_GATHER_MS = 50;
const MAX_GROUP_BYTES = 16 * MIB;
const MAX_QUEUED_BYTES = 64 * MIB;
const RETRY_MS = 1_000;

/**
 * Opens a log folder for writing, recovers it from whatever happened to it, and publishes what it holds. Throws a
 * `LedgerError`: `ledger_locked`, `wrong_log`, `ledger_corrupt`.
 */
export async function openLedger(options: OpenLedgerOptions, modules: OpenLedgerModules): Promise<Ledger> {
  const { gatherMs = 0, publishIntervalMs = 1_000, maxTailBytes = 32 * MIB } = options;
  if (!(gatherMs >= 0 && gatherMs <= MAX_GATHER_MS)) throw new RangeError('gatherMs must be 0 to 50');
  if (options.origin.includes('\n') || options.origin === '') throw new RangeError('an origin is one line of text');
  if (!isKeyName(modules.signer.name)) throw new RangeError(`${JSON.stringify(modules.signer.name)} is no key name`);
  const { clock, logger } = modules;
  const signCheckpoint = createCheckpointSigner(modules.signer);
  const storage = await openFolder(options, modules);
  try {
    const recovery = { origin: options.origin, key: noteKeyOf(modules.signer), maxTailBytes };
    const state = await recoverLedger(recovery, { storage, logger, signCheckpoint });
    const groupCommit = {
      maxGroupEntries: MAX_GROUP_ENTRIES,
      maxGroupBytes: MAX_GROUP_BYTES,
      maxQueuedBytes: MAX_QUEUED_BYTES,
      gatherMs,
      retryMs: RETRY_MS,
    };
    const ledgerOptions = { groupCommit, publisher: { intervalMs: publishIntervalMs }, maxTailBytes };
    const ledger = new Ledger(ledgerOptions, { storage, clock, logger, signCheckpoint }, state);
    await storage.assertStillOwned();
    await ledger.start();
    logger.info({ directory: options.directory, size: state.checkpoint.size }, 'the ledger is open');
    return ledger;
  } catch (error) {
    await storage.release().catch(() => undefined);
    throw error;
  }
}

async function openFolder(options: OpenLedgerOptions, modules: OpenLedgerModules): Promise<LogStorage> {
  const { directory, segmentBytes = 16 * MIB } = options;
  const { fileSystem, logger, processes = nodeProcessTable } = modules;
  await fileSystem.makeDirectory(directory);
  const lock = await FolderLock.acquire(directory, { fileSystem, processes, logger });
  const objects = new FolderObjects(directory, fileSystem);
  const groups = new FolderGroups({ directory: join(directory, 'segments'), segmentBytes }, { fileSystem, logger });
  await objects.open();
  return {
    groups,
    objects,
    assertStillOwned: async () => lock.assertHeld(),
    release: async () => lock.release(),
  };
}
