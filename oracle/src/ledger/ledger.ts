import type { Clock } from '@sextant/firmware-bridge/clock';
import type { Checkpoint } from '@sextant/firmware-bridge/protocol';
import type { Logger } from 'pino';
import { GroupCommit, type GroupCommitOptions } from './group-commit.ts';
import { encodeGroup } from './group-frame.ts';
import { type LedgerError, storageUnavailable } from './ledger-error.ts';
import type { LogReader, SignedCheckpoint } from './log-reader.ts';
import type { LogTail } from './log-tail.ts';
import { LogView } from './log-view.ts';
import { readBundle, readTile } from './object-view-source.ts';
import { Publisher, type PublisherOptions } from './publisher.ts';
import type { LogStorage } from './storage.ts';
import type { TileWriter } from './tile-writer.ts';
import { hashLeaf } from './tree-hash.ts';
import { auditPathOfNewLeaf, growTree, type TreeGrowth, type TreeHead } from './tree-head.ts';

/** Proof that an entry is in the log: what a receipt is made of. */
export interface LogProof {
  readonly leafIndex: number;
  /** RFC 6962 audit path, leaf to root, in the tree of the checkpoint. */
  readonly proof: readonly Uint8Array[];
  /** Signed note, UTF-8. */
  readonly checkpoint: Uint8Array;
}

/** A log as it was found or left by recovery. */
export interface LedgerState {
  readonly head: TreeHead;
  readonly checkpoint: SignedCheckpoint;
  readonly tail: LogTail;
  readonly writer: TileWriter;
}

export interface LedgerOptions {
  readonly groupCommit: GroupCommitOptions;
  readonly publisher: PublisherOptions;
  /** Entries in memory beyond this are first written to full bundles. */
  readonly maxTailBytes: number;
}

export interface LedgerModules {
  readonly storage: LogStorage;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signCheckpoint: (checkpoint: Checkpoint) => SignedCheckpoint;
}

/**
 * A validator's log, open for writing. What an append resolves with is on the disk. Reads see everything up to the latest
 * synced group, and nothing else.
 */
export class Ledger implements LogReader {
  readonly #options: LedgerOptions;
  readonly #modules: LedgerModules;
  readonly #tail: LogTail;
  readonly #view: LogView;
  readonly #groupCommit: GroupCommit<LogProof>;
  readonly #publisher: Publisher;
  readonly #listeners = new Set<(size: number) => void>();
  #head: TreeHead;
  #checkpoint: SignedCheckpoint;
  #lockLost: LedgerError | undefined;

  /** Use `openLedger`. */
  constructor(options: LedgerOptions, modules: LedgerModules, state: LedgerState) {
    const { storage, clock, logger } = modules;
    const { tail, writer } = state;
    this.#options = options;
    this.#modules = modules;
    this.#tail = tail;
    this.#head = state.head;
    this.#checkpoint = state.checkpoint;
    const latest = () => this.#checkpoint;
    this.#view = viewOf(tail, storage, latest);
    this.#groupCommit = new GroupCommit(options.groupCommit, {
      clock,
      commit: async (entries) => this.#commit(entries),
    });
    const onLockLost = (error: LedgerError) => {
      this.#lockLost = error;
      logger.error({ err: error }, 'the ledger stopped');
    };
    this.#publisher = new Publisher(options.publisher, { clock, logger, tail, writer, storage, latest, onLockLost });
  }

  /**
   * Appends one entry of at most 65,535 bytes. Resolves after its group is synced. Rejects with a `LedgerError`:
   * `storage_unavailable` means that it is not in the log and may be sent again. Entries keep the order of the calls.
   * The bytes must not be changed until the promise is settled.
   */
  async append(entry: Uint8Array): Promise<LogProof> {
    const [proof] = await this.#groupCommit.submit([entry], false);
    return proof as LogProof;
  }

  /** Appends entries with nothing between them: all in one group, or none of them. */
  async appendAll(entries: readonly Uint8Array[]): Promise<readonly LogProof[]> {
    return this.#groupCommit.submit(entries, false);
  }

  /**
   * Appends an entry whose place is its meaning: after everything admitted before the call and before everything
   * admitted after it, also when the disk fails in between. It is not refused with `storage_unavailable`, but tried again
   * until it is stored or the ledger is closed; nothing called later overtakes it.
   */
  async appendRecord(entry: Uint8Array): Promise<LogProof> {
    const [proof] = await this.#groupCommit.submit([entry], true);
    return proof as LogProof;
  }

  /** Proof for an entry that is in the log already, under the latest checkpoint. */
  async prove(leafIndex: number): Promise<LogProof> {
    const { size, note } = this.#checkpoint;
    return { leafIndex, proof: await this.#view.inclusionProof(leafIndex, size), checkpoint: note };
  }

  /** Calls the listener with the new size after every synced group. Returns what stops it. */
  onAppended(listener: (size: number) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Number of synced entries. */
  get size(): number {
    return this.#checkpoint.size;
  }

  checkpoint(): SignedCheckpoint {
    return this.#checkpoint;
  }

  entries(from: number, to: number = this.#checkpoint.size): AsyncGenerator<Uint8Array, void, undefined> {
    return this.#view.entries(from, to);
  }

  async readEntry(leafIndex: number): Promise<Uint8Array> {
    return this.#view.readEntry(leafIndex);
  }

  async rootAt(size: number): Promise<Uint8Array> {
    return this.#view.rootAt(size);
  }

  async inclusionProof(leafIndex: number, size: number): Promise<Uint8Array[]> {
    return this.#view.inclusionProof(leafIndex, size);
  }

  async consistencyProof(oldSize: number, newSize: number): Promise<Uint8Array[]> {
    return this.#view.consistencyProof(oldSize, newSize);
  }

  /** Publishes the state that was found. */
  async start(): Promise<void> {
    await this.#publisher.publish();
  }

  /** Stores and publishes what was accepted, refuses what comes later, and gives the folder free. */
  async close(): Promise<void> {
    await this.#groupCommit.close();
    await this.#publisher.close();
    await this.#modules.storage.groups.close();
    await this.#modules.storage.release();
  }

  async #commit(entries: readonly Uint8Array[]): Promise<readonly LogProof[]> {
    if (this.#lockLost !== undefined) throw this.#lockLost;
    await this.#boundTail();
    const growth = growTree(this.#head, entries.map(hashLeaf));
    const { origin } = this.#checkpoint;
    const checkpoint = this.#modules.signCheckpoint({ origin, size: growth.head.size, root: growth.root });
    const firstLeaf = growth.before.size;
    const encoded = encodeGroup({ firstLeaf, note: checkpoint.note, entries });
    await this.#modules.storage.groups.append({ firstLeaf, endLeaf: checkpoint.size }, encoded.frame);
    this.#accept(growth, encoded.entries, checkpoint);
    return entries.map((_, at) => {
      const leafIndex = firstLeaf + at;
      return { leafIndex, proof: auditPathOfNewLeaf(growth, leafIndex), checkpoint: checkpoint.note };
    });
  }

  async #boundTail(): Promise<void> {
    if (this.#tail.bytes <= this.#options.maxTailBytes) return;
    try {
      await this.#publisher.makeRoom();
    } catch (cause) {
      throw storageUnavailable('writing tiles to', 'the ledger', cause);
    }
  }

  #accept(growth: TreeGrowth, entries: readonly Uint8Array[], checkpoint: SignedCheckpoint): void {
    this.#tail.push(entries, growth);
    this.#head = growth.head;
    this.#checkpoint = checkpoint;
    this.#publisher.changed();
    for (const listener of this.#listeners) listener(checkpoint.size);
  }
}

/** Reads the newest tiles from the tail and the others from the store. */
export function viewOf(tail: LogTail, storage: LogStorage, latest: () => SignedCheckpoint): LogView {
  return new LogView({
    checkpoint: latest,
    tile: async (level, index, width) =>
      tail.tile(level, index, width) ?? (await readTile(storage.objects, level, index, width)),
    bundle: async (index, width) => tail.bundle(index, width) ?? (await readBundle(storage.objects, index, width)),
  });
}
