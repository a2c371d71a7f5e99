import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'vitest';
import { listProcesses, processTree } from '../network/process-memory.ts';

const MAIN = fileURLToPath(new URL('../dist/network/main.js', import.meta.url));
const READY_MS = 180_000;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly tookMs: number;
}

/** `npm start` as a person runs it: the compiled program, by its output and its signals. */
export class LaunchedNetwork {
  readonly #process: ChildProcess;
  readonly #ended: Promise<Ended>;
  readonly #dataDirectory: string;
  #output = '';
  #isClosed = false;

  /** Ports are any free ones unless `args` say otherwise. */
  constructor(dataDirectory: string, args: readonly string[]) {
    const ports = ['http', 'mqtt', 'udp', 'chain'].map((name) => `--${name}-port=0`);
    this.#dataDirectory = dataDirectory;
    this.#process = spawn(process.execPath, [MAIN, '--data', dataDirectory, ...ports, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (text: Buffer) => {
        this.#output += stripVTControlCharacters(text.toString());
      });
    }
    // Not with its exit: what it said last may still be on its way.
    this.#process.once('close', () => {
      this.#isClosed = true;
    });
    const startedMs = performance.now();
    this.#ended = once(this.#process, 'exit').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      tookMs: performance.now() - startedMs,
    }));
  }

  get output(): string {
    return this.#output;
  }

  ended(): Promise<Ended> {
    return this.#ended;
  }

  /** The first group of `pattern`, as soon as the output has it. Fails when the program ends before. */
  async said(pattern: RegExp): Promise<string> {
    const look = (): string => {
      const found = pattern.exec(this.#output);
      if (!found && this.#isClosed) return `ended: ${this.#output}`;
      return found ? (found[1] ?? '') : 'not yet';
    };
    await expect.poll(look, { timeout: READY_MS, interval: 50 }).not.toBe('not yet');
    expect(this.#output).toMatch(pattern);
    return look();
  }

  /** The address of the API, when everything runs. */
  async url(): Promise<string> {
    return this.said(/The map: {2}(http:\S+)/);
  }

  /** Every process of this network that lives now, the launcher among them. */
  processes(): readonly number[] {
    const tree = processTree(listProcesses(), this.#process.pid ?? 0).map(({ pid }) => pid);
    return [...new Set([...tree, ...processesNaming(this.#dataDirectory)])];
  }

  /** Milliseconds from the signal to the end. */
  async end(signal: NodeJS.Signals): Promise<Ended> {
    const sentMs = performance.now();
    this.#process.kill(signal);
    const ended = await this.#ended;
    return { ...ended, tookMs: performance.now() - sentMs };
  }
}

/** Those whose command line has `text` in it, their own children not. */
function processesNaming(text: string): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) return [];
    return commandLine(pid).includes(text) ? [pid] : [];
  });
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It ended meanwhile.
    return '';
  }
}

/** Those that still run; one that waits for its parent to notice its end does not. */
export const stillRunning = (pids: readonly number[]): readonly number[] =>
  pids.filter((pid) => commandLine(pid) !== '');
