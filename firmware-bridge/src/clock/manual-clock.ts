import type { Cancel, Clock } from '../clock.ts';
import { type UnixMs, unixMs } from '../protocol/index.ts';
import { type ClockTask, TaskQueue } from './task-queue.ts';

/**
 * How long (real milliseconds) time stands still for one task. A task that waits for a timer of this very clock (an
 * answer that never comes) would stop it for ever; this is far longer than any honest task takes.
 */
const PATIENCE_MS = 30_000;

export interface ManualClock extends Clock {
  /**
   * Moves time forward to `toMs`, running what is due in the order of time and waiting for each promise. Time never
   * goes back: an earlier `toMs` runs only what is due now. Calls queue up. Rejects with what a task throws.
   */
  advanceTo(toMs: UnixMs): Promise<void>;
}

class ManuallyMovedClock implements ManualClock {
  readonly #tasks = new TaskQueue();
  readonly #patienceMs: number;
  #nowMs: UnixMs;
  #last: Promise<void> = Promise.resolve();
  #advancing = false;

  constructor(startMs: UnixMs, patienceMs: number) {
    this.#nowMs = startMs;
    this.#patienceMs = patienceMs;
  }

  now(): UnixMs {
    return this.#nowMs;
  }

  at(atMs: UnixMs, task: ClockTask): Cancel {
    const cancel = this.#tasks.add(atMs, task);
    if (atMs <= this.#nowMs && !this.#advancing) setImmediate(() => void this.advanceTo(this.#nowMs));
    return cancel;
  }

  advanceTo(toMs: UnixMs): Promise<void> {
    const advanced = this.#last.then(() => this.#advance(toMs));
    this.#last = advanced.catch(() => undefined);
    return advanced;
  }

  async #advance(toMs: UnixMs): Promise<void> {
    const target = unixMs(Math.max(toMs, this.#nowMs));
    this.#advancing = true;
    try {
      for (let due = this.#tasks.takeDue(target); due !== undefined; due = this.#tasks.takeDue(target)) {
        this.#nowMs = unixMs(Math.max(this.#nowMs, due.atMs));
        await this.#finish(due.task);
      }
      this.#nowMs = target;
    } finally {
      this.#advancing = false;
    }
  }

  async #finish(task: ClockTask): Promise<void> {
    const running = task();
    if (!(running instanceof Promise)) return;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#patienceMs);
    });
    try {
      await Promise.race([running, patience]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A clock that stands still until it is told to move. `startMs` defaults to 2023-11-14T22:13:20Z. */
export function createManualClock(startMs: UnixMs = unixMs(1_700_000_000_000), patienceMs = PATIENCE_MS): ManualClock {
  return new ManuallyMovedClock(startMs, patienceMs);
}
