import { hash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { decodeEnvelope } from '@sextant/firmware-bridge/protocol';
import { ClassicLevel } from 'classic-level';
import type { Logger } from 'pino';
import type { IntakeLog } from './ports.ts';

/** Key under which the index says how much of the log it holds; batches have keys of 32 bytes. */
const INDEXED_SIZE = Buffer.from('indexed-size');
const CATCH_UP_STEP = 4_096;
/** Entries that may wait for a disk that does not take them; about 100 bytes each. */
const UNWRITTEN_MAX = 1_000_000;
/** One write for everything that was logged in this time: a crash in between costs a look into the log. */
const GATHER_MS = 50;
const REOPEN_EVERY_MS = 1_000;

type Store = ClassicLevel<Uint8Array, Uint8Array>;

export interface AdmissionIndexOptions {
  readonly folder: string;
}

export interface AdmissionIndexModules {
  readonly log: IntakeLog;
  readonly logger: Logger;
}

/**
 * Payload hash → leaf index of every batch in the log, so that a batch stands there once. The log is the truth: what
 * the index lacks after a crash it reads from the log when it is opened, and a broken index is built anew.
 */
export class AdmissionIndex {
  readonly #folder: string;
  readonly #logger: Logger;
  readonly #store: Store;
  /** Logged and not yet written here. */
  readonly #unwritten = new Map<string, number>();
  #size: number;
  #writing: Promise<void> | undefined;
  #closing = false;

  private constructor(folder: string, store: Store, size: number, logger: Logger) {
    this.#folder = folder;
    this.#store = store;
    this.#size = size;
    this.#logger = logger;
  }

  /** Opens the index and brings it up to the end of the log. */
  static async open(options: AdmissionIndexOptions, modules: AdmissionIndexModules): Promise<AdmissionIndex> {
    const { folder } = options;
    const { log, logger } = modules;
    let store = await openOrRebuild(folder, logger);
    let size = await readSize(store);
    if (size > log.size) {
      logger.warn(
        { folder, indexed: size, logged: log.size },
        'the admission index is ahead of the log: rebuilding it',
      );
      await store.close();
      store = await rebuild(folder);
      size = 0;
    }
    const index = new AdmissionIndex(folder, store, size, logger);
    await index.#catchUp(log);
    return index;
  }

  /** Whether it can neither answer nor remember: nothing may be admitted then. */
  get isUnavailable(): boolean {
    return this.#store.status !== 'open' || this.#unwritten.size >= UNWRITTEN_MAX;
  }

  /** Leaf indices of the batches that are in the log, undefined for those that are not. Throws while unavailable. */
  async find(hashes: readonly Uint8Array[]): Promise<(number | undefined)[]> {
    const fresh = hashes.map((payloadHash) => this.#unwritten.get(keyOf(payloadHash)));
    const stored = await this.#store.getMany([...hashes]);
    return stored.map((value, i) => fresh[i] ?? (value ? readLeafIndex(value) : undefined));
  }

  /** Remembers a logged batch at once, on disk soon. Batches come in the order of their leaf indices. */
  add(payloadHash: Uint8Array, leafIndex: number): void {
    this.#unwritten.set(keyOf(payloadHash), leafIndex);
    this.#size = leafIndex + 1;
    this.#writing ??= this.#writeAll();
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#writing;
    await this.#store.close();
  }

  async #writeAll(): Promise<void> {
    while (this.#unwritten.size > 0) {
      await delay(this.#closing ? 0 : GATHER_MS);
      const entries = [...this.#unwritten];
      try {
        await this.#write(entries, this.#size);
        for (const [key] of entries) this.#unwritten.delete(key);
      } catch (error) {
        this.#logger.warn({ err: error, folder: this.#folder }, 'the admission index cannot be written; reopening it');
        if (!(await this.#reopen())) break;
      }
    }
    this.#writing = undefined;
  }

  async #write(entries: readonly (readonly [string, number])[], size: number): Promise<void> {
    const batch = this.#store.batch();
    for (const [key, leafIndex] of entries) batch.put(Buffer.from(key, 'latin1'), leafIndexBytes(leafIndex));
    await batch.put(INDEXED_SIZE, leafIndexBytes(size)).write();
  }

  /** LevelDB takes no write after a failed one until it is opened again. False when the index was closed meanwhile. */
  async #reopen(): Promise<boolean> {
    await this.#store.close();
    while (!this.#closing) {
      await delay(REOPEN_EVERY_MS);
      try {
        await this.#store.open();
        return true;
      } catch (error) {
        this.#logger.debug({ err: error }, 'the admission index does not open yet');
      }
    }
    return false;
  }

  async #catchUp(log: IntakeLog): Promise<void> {
    const end = log.size;
    if (this.#size === end) return;
    this.#logger.info({ from: this.#size, to: end }, 'reading what the admission index lacks from the log');
    let found: [string, number][] = [];
    let leafIndex = this.#size;
    for await (const entry of log.entries(this.#size, end)) {
      const envelope = decodeEnvelope(entry);
      if (envelope.ok && envelope.value.kind === 'report_batch') {
        found.push([keyOf(hash('sha256', envelope.value.payload, 'buffer')), leafIndex]);
      }
      leafIndex += 1;
      if (found.length >= CATCH_UP_STEP) {
        await this.#write(found, leafIndex);
        found = [];
      }
    }
    await this.#write(found, leafIndex);
    this.#size = leafIndex;
  }
}

async function openStore(folder: string): Promise<Store> {
  const store: Store = new ClassicLevel(folder, { keyEncoding: 'view', valueEncoding: 'view' });
  await store.open();
  return store;
}

async function openOrRebuild(folder: string, logger: Logger): Promise<Store> {
  try {
    return await openStore(folder);
  } catch (error) {
    if (!isCorruption(error)) throw error;
    logger.warn({ err: error, folder }, 'the admission index is damaged: rebuilding it from the log');
    return await rebuild(folder);
  }
}

async function rebuild(folder: string): Promise<Store> {
  await rm(folder, { recursive: true, force: true });
  return await openStore(folder);
}

function isCorruption(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_CORRUPTION';
}

async function readSize(store: Store): Promise<number> {
  const value = await store.get(INDEXED_SIZE);
  return value ? readLeafIndex(value) : 0;
}

function leafIndexBytes(leafIndex: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleBE(leafIndex);
  return bytes;
}

function readLeafIndex(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getFloat64(0);
}

function keyOf(payloadHash: Uint8Array): string {
  return Buffer.from(payloadHash.buffer, payloadHash.byteOffset, payloadHash.byteLength).toString('latin1');
}
