import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import { setPriority } from 'node:os';
import { dirname } from 'node:path';

/** Messages between parent and child have a name; answers to a request repeat its number. */
export interface ProcessMessage {
  readonly type: string;
  readonly id?: number;
}

export interface ChildOptions {
  /** For people: `oracle`, `bridge 1`. */
  readonly name: string;
  /** Compiled JavaScript. */
  readonly entry: string;
  readonly args: readonly string[];
  /** Where its output goes; what a former run left there is kept once as `….previous`. */
  readonly logFile: string;
  /** 0 = as the parent; 10 = only when nobody else wants the processor. */
  readonly niceness?: number;
  /** What it started itself is killed with it, when it has to be killed. */
  readonly withDescendants?: boolean;
}

/** A child ended, or said that it cannot go on. `message` is its own advice where it gave one. */
export class ChildError extends Error {
  override readonly name = 'ChildError';
  readonly child: string;
  readonly logFile: string;

  constructor(child: string, message: string, logFile: string) {
    super(message);
    this.child = child;
    this.logFile = logFile;
  }
}

export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface Waiting<Answer> {
  readonly accepts: (message: ProcessMessage) => Answer | undefined;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A Node.js process of its own that is spoken to over IPC. It is the leader of its own process group, so that Ctrl-C in a
 * terminal reaches the parent alone, which then stops its children in order.
 */
export class Child {
  readonly name: string;
  readonly exited: Promise<ChildExit>;
  readonly #options: ChildOptions;
  readonly #process: ChildProcess;
  readonly #waiting = new Set<Waiting<ProcessMessage>>();
  #lastId = 0;
  #complaint: string | undefined;
  #exit: ChildExit | undefined;
  #isStopping = false;

  constructor(options: ChildOptions) {
    this.name = options.name;
    this.#options = options;
    const log = openLog(options.logFile);
    this.#process = fork(options.entry, [...options.args], {
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
      // Compiled code must not be told to look for sources, as a test runner tells its own process.
      execArgv: [],
    });
    closeSync(log);
    if (options.niceness !== undefined && this.#process.pid !== undefined)
      setPriority(this.#process.pid, options.niceness);
    this.exited = this.#untilExit();
    this.#process.on('message', (message) => this.#take(message));
    // Told by 'exit' as well: without a listener a failed spawn would end the parent.
    this.#process.on('error', () => undefined);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get hasExited(): boolean {
    return this.#exit !== undefined;
  }

  /** Rejects with ChildError when the child ends without having been told to; never resolves. */
  async untilBroken(): Promise<never> {
    await this.exited;
    if (this.#isStopping) return new Promise<never>(() => undefined);
    throw this.#error();
  }

  /** Calls `listener` with each message of that type. */
  on<Message extends ProcessMessage>(type: Message['type'], listener: (message: Message) => void): void {
    this.#process.on('message', (message) => {
      if (isMessage(message) && message.type === type) listener(message as Message);
    });
  }

  /** The next message that `accepts` takes. Rejects with ChildError when the child ends before. */
  next<Message extends ProcessMessage>(
    type: Message['type'],
    accepts: (message: Message) => boolean = () => true,
  ): Promise<Message> {
    if (this.#exit) return Promise.reject(this.#error());
    return new Promise((resolve, reject) => {
      this.#waiting.add({
        accepts: (message) => (message.type === type && accepts(message as Message) ? message : undefined),
        resolve: (message) => resolve(message as Message),
        reject,
      });
    });
  }

  /** Sends a request and waits for the answer with its number. Rejects with ChildError when the child ends before. */
  async request<Answer extends ProcessMessage>(message: ProcessMessage, type: Answer['type']): Promise<Answer> {
    const id = ++this.#lastId;
    const answer = this.next<Answer>(type, (candidate) => candidate.id === id);
    this.send({ ...message, id });
    return answer;
  }

  /** What cannot be sent any more (the child is gone) is told by `exited`. */
  send(message: ProcessMessage): void {
    if (this.#process.connected) this.#process.send(message, () => undefined);
  }

  /** Asks it to end; after `patienceMs` it is killed. Resolves when it is gone. */
  async stop(patienceMs: number): Promise<void> {
    this.#isStopping = true;
    if (this.#exit) return;
    this.#process.kill('SIGTERM');
    const kill = setTimeout(() => this.#killHard(), patienceMs);
    await this.exited;
    clearTimeout(kill);
  }

  kill(): void {
    this.#isStopping = true;
    this.#killHard();
  }

  #killHard(): void {
    const { pid } = this.#process;
    if (this.#options.withDescendants !== true || pid === undefined || this.#exit) {
      this.#process.kill('SIGKILL');
      return;
    }
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // The whole group has ended meanwhile.
    }
  }

  async #untilExit(): Promise<ChildExit> {
    const [code, signal] = (await Promise.race([
      once(this.#process, 'exit'),
      once(this.#process, 'error').then(() => [null, null]),
    ])) as [number | null, NodeJS.Signals | null];
    this.#exit = { code, signal };
    for (const { reject } of this.#waiting) reject(this.#error());
    this.#waiting.clear();
    return this.#exit;
  }

  #take(message: unknown): void {
    if (!isMessage(message)) return;
    if (message.type.endsWith('/failed') && 'message' in message) this.#complaint = String(message.message);
    for (const waiting of this.#waiting) {
      const answer = waiting.accepts(message);
      if (answer === undefined) continue;
      this.#waiting.delete(waiting);
      waiting.resolve(answer);
      return;
    }
  }

  #error(): ChildError {
    const { name, logFile } = this.#options;
    const { code = null, signal = null } = this.#exit ?? {};
    const how = signal === null ? `with code ${code}` : `by ${signal}`;
    return new ChildError(name, this.#complaint ?? `The ${name} process ended ${how}. ${lastLine(logFile)}`, logFile);
  }
}

function isMessage(value: unknown): value is ProcessMessage {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path)) renameSync(path, `${path}.previous`);
  return openSync(path, 'a');
}

const TAIL_CHARACTERS = 400;

function lastLine(logFile: string): string {
  const line = readFileSync(logFile, 'utf8').trim().split('\n').at(-1) ?? '';
  return line.length > TAIL_CHARACTERS ? `${line.slice(0, TAIL_CHARACTERS)}…` : line;
}
