import { join } from 'node:path';
import type { Logger } from 'pino';
import type { FileSystem } from './file-system.ts';
import { LedgerError, systemCodeOf } from './ledger-error.ts';
import type { ProcessTable } from './process-table.ts';

interface Holder {
  readonly pid: number;
  readonly identity: string;
}

const LOCK_MAX_BYTES = 4_096;

/** The right to write in a folder: a file in it names the process that has it. */
export class FolderLock {
  readonly #path: string;
  readonly #fileSystem: FileSystem;
  readonly #own: string;

  private constructor(path: string, fileSystem: FileSystem, own: string) {
    this.#path = path;
    this.#fileSystem = fileSystem;
    this.#own = own;
  }

  /** Takes the lock, also from a process that is gone. Throws `ledger_locked` with the pid of one that is not. */
  static async acquire(
    directory: string,
    modules: { readonly fileSystem: FileSystem; readonly processes: ProcessTable; readonly logger: Logger },
  ): Promise<FolderLock> {
    const { fileSystem, processes, logger } = modules;
    const path = join(directory, 'lock');
    const holder = await readHolder(path, fileSystem);
    if (holder !== undefined && processes.identify(holder.pid) === holder.identity) {
      throw new LedgerError(
        'ledger_locked',
        `${directory} is in use by process ${holder.pid}. Stop that process first, or give this one its own folder.`,
        { directory, pid: holder.pid },
      );
    }
    if (holder !== undefined) logger.warn({ directory, pid: holder.pid }, 'took the ledger over from a dead process');
    const own: Holder = { pid: processes.pid, identity: processes.identify(processes.pid) ?? 'unknown' };
    const lock = new FolderLock(path, fileSystem, JSON.stringify(own));
    await lock.#write();
    return lock;
  }

  /** Throws `lock_lost` when the file no longer names this process. */
  async assertHeld(): Promise<void> {
    if ((await this.#readText()) === this.#own) return;
    throw new LedgerError(
      'lock_lost',
      `another process has taken ${this.#path} over: nothing more is written here. Let only one process use the folder.`,
      { path: this.#path },
    );
  }

  async release(): Promise<void> {
    if ((await this.#readText()) === this.#own) await this.#fileSystem.remove(this.#path);
  }

  /** Written beside and renamed, so that nobody ever reads half of it. */
  async #write(): Promise<void> {
    const beside = `${this.#path}.${String((JSON.parse(this.#own) as Holder).pid)}`;
    await this.#fileSystem.remove(beside).catch(() => undefined);
    const file = await this.#fileSystem.create(beside);
    await file.append(Buffer.from(this.#own));
    await file.close();
    await this.#fileSystem.rename(beside, this.#path);
  }

  async #readText(): Promise<string | undefined> {
    return readText(this.#path, this.#fileSystem);
  }
}

async function readText(path: string, fileSystem: FileSystem): Promise<string | undefined> {
  try {
    return Buffer.from(await fileSystem.read(path, LOCK_MAX_BYTES)).toString('utf8');
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Undefined when there is no lock, or one that a power loss left unreadable. */
async function readHolder(path: string, fileSystem: FileSystem): Promise<Holder | undefined> {
  const text = await readText(path, fileSystem);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('identity' in value)) return undefined;
    const { pid, identity } = value;
    return typeof pid === 'number' && typeof identity === 'string' ? { pid, identity } : undefined;
  } catch {
    return undefined;
  }
}
