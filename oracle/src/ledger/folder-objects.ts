import { dirname, join } from 'node:path';
import type { FileSystem } from './file-system.ts';
import { LedgerError, systemCodeOf } from './ledger-error.ts';
import type { Durability, ObjectSource, ObjectStore } from './storage.ts';

/** Reads the public files of a log from a folder. */
export function folderSource(directory: string, fileSystem: FileSystem): ObjectSource {
  return {
    async read(path, maxBytes) {
      try {
        return await fileSystem.read(join(directory, path), maxBytes);
      } catch (error) {
        const systemCode = systemCodeOf(error);
        if (systemCode === 'ENOENT' || systemCode === 'ENOTDIR') return undefined;
        if (systemCode !== 'EFBIG') throw error;
        throw new LedgerError('malformed', `${path} has more than ${maxBytes} bytes`, { path, maxBytes }, error);
      }
    },
  };
}

/** Keeps the public files of a log in a folder; each appears whole, by rename. */
export class FolderObjects implements ObjectStore {
  readonly #directory: string;
  readonly #fileSystem: FileSystem;
  readonly #source: ObjectSource;
  /** Files written for later, whose bytes and names may not be durable yet. */
  #unsynced = new Set<string>();
  /** Folders that were made or seen to be there. */
  readonly #made = new Set<string>();
  #written = 0;

  constructor(directory: string, fileSystem: FileSystem) {
    this.#directory = directory;
    this.#fileSystem = fileSystem;
    this.#source = folderSource(directory, fileSystem);
  }

  /** Removes what an earlier process left half written. */
  async open(): Promise<void> {
    const fileSystem = this.#fileSystem;
    await fileSystem.makeDirectory(this.#temporary);
    for (const name of await fileSystem.list(this.#temporary)) await fileSystem.remove(join(this.#temporary, name));
  }

  async read(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    return this.#source.read(path, maxBytes);
  }

  async write(path: string, bytes: Uint8Array, durability: Durability): Promise<void> {
    const target = join(this.#directory, path);
    const temporary = join(this.#temporary, String(this.#written));
    this.#written += 1;
    const folder = dirname(target);
    if (!this.#made.has(folder)) {
      await this.#fileSystem.makeDirectory(folder);
      this.#made.add(folder);
    }
    try {
      await this.#fill(temporary, bytes, durability === 'now');
      await this.#fileSystem.rename(temporary, target);
    } catch (error) {
      this.#made.delete(folder);
      await this.#fileSystem.remove(temporary).catch(() => undefined);
      throw error;
    }
    if (durability === 'now') await this.#fileSystem.syncDirectory(folder);
    if (durability === 'later') this.#unsynced.add(target);
  }

  async removeAll(path: string): Promise<void> {
    const folder = join(this.#directory, path);
    const names = await this.#fileSystem.list(folder);
    for (const name of names) await this.#fileSystem.remove(join(folder, name));
    if (names.length > 0) await this.#fileSystem.remove(folder);
    this.#made.delete(folder);
  }

  async makeDurable(): Promise<void> {
    const files = this.#unsynced;
    this.#unsynced = new Set();
    try {
      for (const file of files) await this.#fileSystem.sync(file);
      for (const folder of new Set([...files].map((file) => dirname(file)))) {
        await this.#fileSystem.syncDirectory(folder);
      }
    } catch (error) {
      for (const file of files) this.#unsynced.add(file);
      throw error;
    }
  }

  async #fill(path: string, bytes: Uint8Array, synced: boolean): Promise<void> {
    const file = await this.#fileSystem.create(path);
    try {
      await file.append(bytes);
      if (synced) await file.sync();
    } finally {
      await file.close();
    }
  }

  get #temporary(): string {
    return join(this.#directory, 'tmp');
  }
}
