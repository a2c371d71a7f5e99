import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { KeyChanges } from '../core/index.ts';
import type { ProvisionalResults } from '../store/index.ts';
import type { FromJudge, JudgeStatus, JudgeThreadData, Question, ToJudge } from './judge-messages.ts';

/** Compiled code is what a worker thread can load; from the sources it is found in `dist`. */
const THREAD_URL = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/judge/judge-thread.js' : './judge-thread.js',
  import.meta.url,
);

export interface JudgeHostModules {
  readonly ledger: HostedLog;
  /** The password of the private database; started first when it does not run. */
  databasePassword(): Promise<string>;
  readonly logger: Logger;
  /** These are in the database now. */
  onProvisional(results: ProvisionalResults): void;
  /** A key hands over to another in this entry. */
  onSuccessor(entry: Uint8Array): void;
  /** The epoch is judged and in the archive, perhaps not yet in the database. */
  onClosed(epoch: number, summaryJson: string, keys: KeyChanges): void;
  onApplied(epoch: number): void;
  /** The judge cannot go on: the process should end. */
  onBroken(error: Error): void;
}

export interface HostedLog {
  readonly size: number;
  entries(from: number, to: number): AsyncIterable<Uint8Array>;
  rootAt(size: number): Promise<Uint8Array>;
  /** Calls back with the new size after every synced group. Returns what stops it. */
  onAppended(listener: (size: number) => void): () => void;
}

/** The judge's thread, seen from the main one. */
export class JudgeHost {
  readonly #worker: Worker;
  readonly #modules: JudgeHostModules;
  readonly #settling = new Map<number, () => void>();
  readonly #unsubscribe: () => void;
  readonly #ready: Promise<void>;
  #becomeReady: () => void = () => undefined;
  #status: JudgeStatus | undefined;
  #lastId = 0;
  #stopping = false;
  #grownTo = -1;

  constructor(data: JudgeThreadData, modules: JudgeHostModules) {
    this.#modules = modules;
    this.#ready = new Promise((resolve) => {
      this.#becomeReady = resolve;
    });
    this.#worker = new Worker(THREAD_URL, { workerData: data, execArgv: [] });
    this.#worker.on('message', (message: FromJudge) => this.#receive(message));
    this.#worker.on('error', (error) => this.#broken(error));
    this.#worker.on('exit', (code) => this.#broken(new Error(`the judge's thread ended with code ${code}`)));
    this.#unsubscribe = modules.ledger.onAppended((size) => this.#grown(size));
  }

  /** Resolves when everything that was in the log at the start is judged. */
  whenReady(): Promise<void> {
    return this.#ready;
  }

  /** As of the last second; undefined before the first. */
  status(): JudgeStatus | undefined {
    return this.#status;
  }

  /** Resolves when everything in the log now is judged and in the database. */
  settle(): Promise<void> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#settling.set(id, resolve);
      this.#post({ kind: 'settle', id, size: this.#modules.ledger.size });
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#unsubscribe();
    const ended = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    this.#post({ kind: 'stop' });
    await ended;
  }

  /** Many groups a second become one message a turn of the event loop. */
  #grown(size: number): void {
    const planned = this.#grownTo >= 0;
    this.#grownTo = size;
    if (planned) return;
    setImmediate(() => {
      this.#post({ kind: 'grown', size: this.#grownTo });
      this.#grownTo = -1;
    });
  }

  #receive(message: FromJudge): void {
    switch (message.kind) {
      case 'ask':
        void this.#answer(message.id, message.question);
        return;
      case 'ready':
        this.#becomeReady();
        return;
      case 'provisional':
        this.#modules.onProvisional(message.results);
        return;
      case 'successor':
        this.#modules.onSuccessor(message.entry);
        return;
      case 'closed':
        this.#modules.onClosed(message.epoch, message.summaryJson, message.keys);
        return;
      case 'applied':
        this.#modules.onApplied(message.epoch);
        return;
      case 'settled':
        this.#settling.get(message.id)?.();
        this.#settling.delete(message.id);
        return;
      case 'status':
        this.#status = message.status;
        return;
      case 'log':
        this.#relay(message.line);
        return;
    }
  }

  async #answer(id: number, question: Question): Promise<void> {
    try {
      this.#post({ kind: 'answer', id, value: await this.#find(question) });
    } catch (error) {
      this.#post({ kind: 'failure', id, message: error instanceof Error ? error.message : String(error) });
    }
  }

  async #find(question: Question): Promise<Uint8Array[]> {
    const { ledger } = this.#modules;
    switch (question.kind) {
      case 'read': {
        const entries: Uint8Array[] = [];
        for await (const entry of ledger.entries(question.from, question.from + question.most)) entries.push(entry);
        return entries;
      }
      case 'root':
        return [await ledger.rootAt(question.size)];
      case 'database':
        return [new TextEncoder().encode(await this.#modules.databasePassword())];
    }
  }

  #relay(line: string): void {
    const { level, msg, ...facts } = JSON.parse(line) as { level: number; msg: string } & Record<string, unknown>;
    const { logger } = this.#modules;
    if (level >= 50) logger.error(facts, msg);
    else if (level >= 40) logger.warn(facts, msg);
    else if (level >= 30) logger.info(facts, msg);
    else logger.debug(facts, msg);
  }

  #broken(error: Error): void {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#unsubscribe();
    this.#modules.onBroken(error);
  }

  #post(message: ToJudge): void {
    this.#worker.postMessage(message);
  }
}
