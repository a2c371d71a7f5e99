import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { Judgement } from './judge-envelope.ts';
import { decodeJudgements, encodeJob } from './verification-job.ts';

/**
 * Compiled code is what a worker thread can load; from the sources it is found in `dist`. It takes none of this process's
 * flags, which may be about how sources are found.
 */
const WORKER_URL = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/intake/signature-worker.js' : './signature-worker.js',
  import.meta.url,
);

/** Jobs a worker has at a time: one in work and one waiting, so that it never idles for a round trip. */
const JOBS_PER_WORKER = 2;
/** Workers that die one after the other without finishing a job: then the intake gives up. */
const DEATHS_MAX = 5;

interface Job {
  readonly messages: readonly Uint8Array[];
  readonly done: (judgements: Judgement[]) => void;
}

interface Lane {
  readonly worker: Worker;
  readonly jobs: Job[];
}

export interface SignaturePoolOptions {
  readonly networkId: string;
  readonly workers: number;
}

export interface SignaturePoolModules {
  readonly logger: Logger;
  /** Told when workers keep dying: the intake cannot go on. */
  readonly onBroken: (error: Error) => void;
}

/**
 * Worker threads that judge schema and signature. A thread that dies is replaced and its jobs are done again.
 */
export class SignaturePool {
  readonly #options: SignaturePoolOptions;
  readonly #modules: SignaturePoolModules;
  readonly #lanes = new Set<Lane>();
  #deathsInARow = 0;
  #closing = false;

  constructor(options: SignaturePoolOptions, modules: SignaturePoolModules) {
    this.#options = options;
    this.#modules = modules;
    for (let i = 0; i < options.workers; i++) this.#openLane();
  }

  /** Whether `run` would start at once. */
  get hasRoom(): boolean {
    for (const lane of this.#lanes) if (lane.jobs.length < JOBS_PER_WORKER) return true;
    return false;
  }

  /** Judges the messages on the least busy worker; `done` gets one judgement a message. */
  run(messages: readonly Uint8Array[], done: (judgements: Judgement[]) => void): void {
    this.#start({ messages, done });
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#lanes].map((lane) => lane.worker.terminate()));
  }

  #start(job: Job): void {
    let free: Lane | undefined;
    for (const lane of this.#lanes) if (!free || lane.jobs.length < free.jobs.length) free = lane;
    const lane = free ?? this.#openLane();
    lane.jobs.push(job);
    const buffer = encodeJob(job.messages);
    lane.worker.postMessage(buffer, [buffer]);
  }

  #openLane(): Lane {
    const { networkId } = this.#options;
    const worker = new Worker(WORKER_URL, { workerData: { networkId }, execArgv: [] });
    const lane: Lane = { worker, jobs: [] };
    worker.on('message', (result: ArrayBuffer) => {
      this.#deathsInARow = 0;
      lane.jobs.shift()?.done(decodeJudgements(result));
    });
    worker.on('error', (error) => this.#modules.logger.error({ err: error }, 'a signature worker failed'));
    worker.on('exit', () => this.#replace(lane));
    this.#lanes.add(lane);
    return lane;
  }

  #replace(lane: Lane): void {
    this.#lanes.delete(lane);
    if (this.#closing) return;
    this.#deathsInARow += 1;
    if (this.#deathsInARow >= DEATHS_MAX) {
      this.#modules.onBroken(new Error('signature workers keep dying: see the error logged before this one'));
      return;
    }
    this.#openLane();
    for (const job of lane.jobs) this.#start(job);
  }
}
