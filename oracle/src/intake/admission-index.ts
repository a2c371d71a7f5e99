import { hash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { decodeEnvelope } from '@sextant/firmware-bridge/protocol';
import { ClassicLevel } from 'classic-level';
import type { Logger } from 'pino';
import { readBatchName } from './batch-name.ts';
import type { LogLookup } from './ports.ts';
import { markKey, type NamedBatch, SequenceMarks } from './sequence-marks.ts';

/** Key under which the index says how much of the log it holds; batches have keys of 32 bytes, marks of 40. */
const INDEXED_SIZE = Buffer.from('indexed-size');
const CATCH_UP_STEP = 4_096;
/** Entries that may wait for a disk that does not take them; about 100 bytes each. */
const UNWRITTEN_MAX = 1_000_000;
/** One write for everything that was logged in this time: a crash in between costs a look into the log. */
const GATHER_MS = 50;
const REOPEN_EVERY_MS = 1_000;
const NOTHING_LOGGED = -1;

type Store = ClassicLevel<Uint8Array, Uint8Array>;

export interface AdmissionIndexOptions {
  readonly folder: string;
}

export interface AdmissionIndexModules {
  readonly ledger: LogLookup;
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
  readonly #marks = new SequenceMarks();
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
    const { ledger, logger } = modules;
    let store = await openOrRebuild(folder, logger);
    let size = await readSize(store);
    const logged = ledger.size;
    if (size > logged) {
      logger.warn({ folder, indexed: size, logged }, 'the admission index is ahead of the log: rebuilding it');
      await store.close();
      store = await rebuild(folder);
      size = 0;
    }
    const index = new AdmissionIndex(folder, store, size, logger);
    await index.#catchUp(ledger, logged);
    return index;
  }

  /** Whether it can neither answer nor remember: nothing may be admitted then. */
  get isUnavailable(): boolean {
    return this.#store.status !== 'open' || this.#unwritten.size >= UNWRITTEN_MAX;
  }

  /** Leaf indices of the batches that are in the log, undefined for those that are not. Throws while unavailable. */
  async find(batches: readonly NamedBatch[]): Promise<(number | undefined)[]> {
    const keys = batches.map((batch) => this.#keyToLookUp(batch));
    if (keys.every((key) => key === undefined)) return batches.map(() => undefined);
    const fresh = keys.map((key) => (key === undefined ? undefined : this.#unwritten.get(key)));
    await this.#learnMarks(batches);
    const stored = await this.#store.getMany(batches.map((batch) => batch.payloadHash));
    return stored.map((value, i) => fresh[i] ?? (value ? readNumber(value) : undefined));
  }

  /** Remembers a logged batch at once, on disk soon. Batches come in the order of their leaf indices. */
  add(batch: NamedBatch, leafIndex: number): void {
    this.#unwritten.set(keyOf(batch.payloadHash), leafIndex);
    this.#marks.raise(markKey(batch.signer, batch.name.incarnation), batch.name.sequence);
    this.#size = leafIndex + 1;
    this.#writing ??= this.#writeAll();
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#writing;
    await this.#store.close();
  }

  /** The key to look for, unless the batch is above the mark and so surely new. */
  #keyToLookUp({ signer, name, payloadHash }: NamedBatch): string | undefined {
    const mark = this.#marks.find(markKey(signer, name.incarnation));
    return mark !== undefined && name.sequence > mark ? undefined : keyOf(payloadHash);
  }

  async #learnMarks(batches: readonly NamedBatch[]): Promise<void> {
    const keys = batches.map(({ signer, name }) => markKey(signer, name.incarnation));
    const unknown = [...new Set(keys.filter((key) => this.#marks.find(key) === undefined))];
    if (unknown.length === 0) return;
    const values = await this.#store.getMany(unknown.map(bytesOf));
    unknown.forEach((key, i) => {
      const value = values[i];
      this.#marks.learn(key, value ? readNumber(value) : NOTHING_LOGGED);
    });
  }

  async #writeAll(): Promise<void> {
    while (this.#unwritten.size > 0) {
      await delay(this.#closing ? 0 : GATHER_MS);
      try {
        await this.#writeOnce();
      } catch (error) {
        this.#logger.warn({ err: error, folder: this.#folder }, 'the admission index cannot be written; reopening it');
        if (!(await this.#reopen())) break;
      }
    }
    this.#writing = undefined;
  }

  async #writeOnce(): Promise<void> {
    const entries = [...this.#unwritten];
    const marks = this.#marks.unwritten();
    const batch = this.#store.batch();
    for (const [key, value] of entries) batch.put(bytesOf(key), numberBytes(value));
    for (const [key, value] of marks.entries) batch.put(bytesOf(key), numberBytes(value));
    await batch.put(INDEXED_SIZE, numberBytes(this.#size)).write();
    for (const [key] of entries) this.#unwritten.delete(key);
    marks.forget();
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

  async #catchUp(ledger: LogLookup, end: number): Promise<void> {
    if (this.#size === end) return;
    this.#logger.info({ from: this.#size, to: end }, 'reading what the admission index lacks from the log');
    let leafIndex = this.#size;
    for await (const entry of ledger.entries(this.#size, end)) {
      const batch = batchIn(entry);
      if (batch) {
        await this.#learnMarks([batch]);
        this.#unwritten.set(keyOf(batch.payloadHash), leafIndex);
        this.#marks.raise(markKey(batch.signer, batch.name.incarnation), batch.name.sequence);
      }
      leafIndex += 1;
      this.#size = leafIndex;
      if (this.#unwritten.size >= CATCH_UP_STEP) await this.#writeOnce();
    }
    await this.#writeOnce();
  }
}

/** The batch a log entry is; undefined for a validator's record. */
function batchIn(entry: Uint8Array): NamedBatch | undefined {
  const envelope = decodeEnvelope(entry);
  if (!envelope.ok || envelope.value.kind !== 'report_batch') return undefined;
  const { signer, payload } = envelope.value;
  return { signer, name: readBatchName(entry), payloadHash: hash('sha256', payload, 'buffer') };
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
    return rebuild(folder);
  }
}

async function rebuild(folder: string): Promise<Store> {
  await rm(folder, { recursive: true, force: true });
  return openStore(folder);
}

function isCorruption(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_CORRUPTION';
}

async function readSize(store: Store): Promise<number> {
  const value = await store.get(INDEXED_SIZE);
  return value ? readNumber(value) : 0;
}

function numberBytes(value: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

function readNumber(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getFloat64(0);
}

function keyOf(payloadHash: Uint8Array): string {
  return Buffer.from(payloadHash.buffer, payloadHash.byteOffset, payloadHash.byteLength).toString('latin1');
}

function bytesOf(key: string): Uint8Array {
  return Buffer.from(key, 'latin1');
}
