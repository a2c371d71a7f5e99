import type { Logger } from 'pino';
import type { AppendFile, FileSystem } from './file-system.ts';
import type { Group } from './group-frame.ts';
import { storageUnavailable, systemCodeOf } from './ledger-error.ts';
import { listSegments, type Segment, segmentAt } from './segment-file.ts';
import { type FilledSegment, type RecoveryFacts, recoverSegments } from './segment-recovery.ts';
import type { GroupStore } from './storage.ts';

export interface FolderGroupsOptions {
  readonly directory: string;
  /** A segment is ended by the group that reaches this size. */
  readonly segmentBytes: number;
}

interface OpenSegment extends Segment {
  readonly file: AppendFile;
  /** Bytes and end of the groups that were synced. */
  syncedBytes: number;
  endLeaf: number;
}

interface FailedTail {
  readonly path: string;
  readonly bytes: number;
}

/** So many files with a failed tail may lie about before no further one is begun. */
const UNCUT_MAX = 16;

/**
 * Groups in append-only segment files of one folder, one fdatasync a group. After a failed write or sync a file's tail
 * is never trusted again: it is cut off, and the next group begins a new segment, whose name alone already says that
 * the old one ends there.
 */
export class FolderGroups implements GroupStore {
  readonly #options: FolderGroupsOptions;
  readonly #fileSystem: FileSystem;
  readonly #logger: Logger;
  /** Oldest first; the open one is not among them. */
  #filled: FilledSegment[] = [];
  #open: OpenSegment | undefined;
  #nextSequence = 0;
  /** Segments with a failed tail that could not be cut yet, and where they should end. */
  #uncut: FailedTail[] = [];

  constructor(options: FolderGroupsOptions, modules: { readonly fileSystem: FileSystem; readonly logger: Logger }) {
    this.#options = options;
    this.#fileSystem = modules.fileSystem;
    this.#logger = modules.logger;
  }

  async *recover(facts: RecoveryFacts): AsyncGenerator<Group> {
    const { directory } = this.#options;
    const fileSystem = this.#fileSystem;
    await fileSystem.makeDirectory(directory);
    this.#nextSequence = ((await listSegments(fileSystem, directory)).at(-1)?.sequence ?? -1) + 1;
    const onSegment = (segment: FilledSegment) => void this.#filled.push(segment);
    yield* recoverSegments(directory, facts, { fileSystem, logger: this.#logger, onSegment });
  }

  async append(group: { readonly firstLeaf: number; readonly endLeaf: number }, frame: Uint8Array): Promise<void> {
    try {
      await this.#cutFailedTails();
      const segment = this.#open ?? (await this.#create(group.firstLeaf));
      await segment.file.append(frame);
      await segment.file.sync();
      if (segment.syncedBytes === 0) await this.#fileSystem.syncDirectory(this.#options.directory);
      segment.syncedBytes += frame.length;
      segment.endLeaf = group.endLeaf;
      this.#uncut = [];
    } catch (cause) {
      const path = this.#open?.path ?? this.#options.directory;
      await this.#abandon();
      throw storageUnavailable('writing to', path, cause);
    }
    if (this.#open !== undefined && this.#open.syncedBytes >= this.#options.segmentBytes) await this.#endSegment();
  }

  canRetire(beforeLeaf: number): boolean {
    return this.#retirable(beforeLeaf).length > 0;
  }

  async retire(beforeLeaf: number): Promise<void> {
    for (const segment of this.#retirable(beforeLeaf)) {
      await this.#fileSystem.remove(segment.path);
      // One name at a time, oldest first: a power loss must not leave a hole.
      await this.#fileSystem.syncDirectory(this.#options.directory);
      this.#filled = this.#filled.filter((other) => other !== segment);
    }
  }

  async close(): Promise<void> {
    await this.#endSegment();
    await this.#cutFailedTails();
    for (const { path } of this.#uncut) {
      this.#logger.error({ segment: path }, 'a refused group could not be cut off; it may be in the log at next start');
    }
  }

  /** The newest group stays, whatever is asked: its checkpoint is what the log starts from. */
  #retirable(beforeLeaf: number): FilledSegment[] {
    const newestIsOpen = this.#open !== undefined && this.#open.syncedBytes > 0;
    const candidates = newestIsOpen ? this.#filled : this.#filled.slice(0, -1);
    return candidates.filter((segment) => segment.endLeaf <= beforeLeaf);
  }

  async #create(firstLeaf: number): Promise<OpenSegment> {
    if (this.#uncut.length >= UNCUT_MAX) throw new Error(`${this.#uncut.length} failed segments cannot be cut`);
    const segment = segmentAt(this.#options.directory, this.#nextSequence, firstLeaf);
    this.#nextSequence += 1;
    try {
      const file = await this.#fileSystem.create(segment.path);
      this.#open = { ...segment, file, syncedBytes: 0, endLeaf: firstLeaf };
      return this.#open;
    } catch (error) {
      this.#uncut.push({ path: segment.path, bytes: 0 });
      throw error;
    }
  }

  /** After a failure: the open segment ends with its last synced group. */
  async #abandon(): Promise<void> {
    const segment = this.#open;
    if (segment !== undefined) this.#uncut.push({ path: segment.path, bytes: segment.syncedBytes });
    await this.#endSegment();
    await this.#cutFailedTails();
  }

  async #endSegment(): Promise<void> {
    const segment = this.#open;
    if (segment === undefined) return;
    this.#open = undefined;
    const { path, sequence, firstLeaf, endLeaf } = segment;
    if (segment.syncedBytes > 0) this.#filled.push({ path, sequence, firstLeaf, endLeaf });
    try {
      await segment.file.close();
    } catch (error) {
      this.#logger.warn({ segment: path, err: error }, 'closing a ledger segment failed; everything in it is synced');
    }
  }

  /** Best effort: what cannot be cut now is cut later, or given up by the name of the next segment. */
  async #cutFailedTails(): Promise<void> {
    const still: FailedTail[] = [];
    for (const tail of this.#uncut) {
      try {
        await this.#cutTail(tail.path, tail.bytes);
      } catch (error) {
        if (systemCodeOf(error) !== 'ENOENT') still.push(tail);
      }
    }
    this.#uncut = still;
  }

  async #cutTail(path: string, bytes: number): Promise<void> {
    if (bytes === 0) {
      await this.#fileSystem.remove(path);
      await this.#fileSystem.syncDirectory(this.#options.directory);
    } else {
      await this.#fileSystem.truncate(path, bytes);
      await this.#fileSystem.sync(path);
    }
  }
}
