import type { Cancel, Clock } from './clock.ts';
import { type UnixMs, unixMs } from './protocol/index.ts';

interface Task {
  readonly atMs: number;
  readonly run: () => void | Promise<void>;
}

/** A clock that stands still until it is moved; tasks run in the order they are due. For replays and tests. */
export class ManualClock implements Clock {
  #nowMs: number;
  readonly #tasks = new Set<Task>();

  constructor(startMs = 1_700_000_000_000) {
    this.#nowMs = startMs;
  }

  now(): UnixMs {
    return unixMs(this.#nowMs);
  }

  at(atMs: UnixMs, run: () => void | Promise<void>): Cancel {
    const task = { atMs, run };
    this.#tasks.add(task);
    return () => void this.#tasks.delete(task);
  }

  advance(byMs: number): void {
    const targetMs = this.#nowMs + byMs;
    for (let task = this.#nextUntil(targetMs); task !== undefined; task = this.#nextUntil(targetMs)) {
      this.#nowMs = Math.max(this.#nowMs, task.atMs);
      this.#tasks.delete(task);
      void task.run();
    }
    this.#nowMs = targetMs;
  }

  /** Tasks that wait. */
  pending(): number {
    return this.#tasks.size;
  }

  #nextUntil(targetMs: number): Task | undefined {
    let next: Task | undefined;
    for (const task of this.#tasks) {
      if (task.atMs <= targetMs && (next === undefined || task.atMs < next.atMs)) next = task;
    }
    return next;
  }
}
