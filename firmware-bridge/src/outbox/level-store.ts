import { mkdir } from 'node:fs/promises';
import { ClassicLevel } from 'classic-level';
import { type DurableStore, type StoreChange, type StoreEntry, StoreError, type StoreRange } from './durable-store.ts';

interface Waiting {
  readonly changes: readonly StoreChange[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

type Database = ClassicLevel<string, Uint8Array>;

/**
 * LevelDB with group commit: what is written while the last sync is still running goes to the disk together with the
 * next one. LevelDB locks its folder, so that two processes never share it.
 */
class LevelStore implements DurableStore {
  readonly #folder: string;
  #database: Database | undefined;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #closing: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read({ from, to, limit }: StoreRange): Promise<readonly StoreEntry[]> {
    const database = this.#usable();
    try {
      const entries = await database.iterator({ gte: from, lt: to, limit: limit ?? -1 }).all();
      return entries.map(([key, value]) => ({ key, value: plainBytes(value) }));
    } catch (error) {
      throw this.#failed(error);
    }
  }

  write(changes: readonly StoreChange[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ changes, resolve, reject });
      this.#writing ??= this.#writeAll().finally(() => {
        this.#writing = undefined;
      });
    });
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        await this.#usable().batch(
          group.flatMap(({ changes }) =>
            changes.map(({ key, value }) =>
              value === undefined ? { type: 'del' as const, key } : { type: 'put' as const, key, value },
            ),
          ),
          { sync: true },
        );
        for (const { resolve } of group) resolve();
      } catch (error) {
        const failure = this.#failed(error);
        for (const { reject } of group) reject(failure);
      }
    }
  }

  #usable(): Database {
    if (this.#database?.status !== 'open') throw new StoreError('failed', `${this.#folder} is not open.`);
    return this.#database;
  }

  /** LevelDB cannot be trusted after a failed write: nothing more is asked of it until it was opened anew. */
  #failed(error: unknown): StoreError {
    void this.#abandon();
    return storeError(this.#folder, error);
  }

  #abandon(): Promise<void> {
    const database = this.#database;
    this.#database = undefined;
    if (database) this.#closing = database.close().catch(() => undefined);
    return this.#closing;
  }

  async reopen(): Promise<void> {
    await this.close();
    const database: Database = new ClassicLevel<string, Uint8Array>(this.#folder, {
      keyEncoding: 'utf8',
      valueEncoding: 'view',
    });
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await database.open();
    } catch (error) {
      throw storeError(this.#folder, error);
    }
    this.#database = database;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#abandon();
  }
}

/** LevelDB gives Buffers, whose `slice` does not copy. */
const plainBytes = ({ buffer, byteOffset, length }: Uint8Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, length);

/** Opens, or makes, the store in `folder`. Rejects with StoreError. */
export async function openLevelStore(folder: string): Promise<DurableStore> {
  const store = new LevelStore(folder);
  await store.reopen();
  return store;
}

function storeError(folder: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const texts: string[] = [];
  for (let at: unknown = error; at instanceof Error && texts.length < 4; at = at.cause) {
    if ('code' in at && at.code === 'LEVEL_LOCKED') {
      const advice = `${folder} is in use by another bridge. One data folder serves one process: stop the other one.`;
      return new StoreError('in_use', advice, error);
    }
    texts.push(at.message);
  }
  const text = texts.join(': ');
  if (/no space|disk quota|file too large/i.test(text)) {
    const advice = `The disk that holds ${folder} is full. Nothing stored is lost. Free some space; the bridge goes on by itself.`;
    return new StoreError('disk_full', advice, error);
  }
  return new StoreError(
    'failed',
    `${folder} cannot be written: ${text}. Check the disk and the folder's owner.`,
    error,
  );
}
