import type { Cancel, Clock } from '../clock.ts';
import { type UnixMs, unixMs } from '../protocol/index.ts';
import { type ClockTask, TaskQueue } from './task-queue.ts';

/**
 * Node's timers count elapsed time, not the time of day: a gateway without a battery-backed clock starts years in the
 * past and is set right by NTP later. So no sleep is longer than this, and after it the time of day is asked again.
 */
const LONGEST_SLEEP_MS = 5_000;

class SystemClock implements Clock {
  readonly #tasks = new TaskQueue();
  #timer: NodeJS.Timeout | undefined;
  #wakesAtMs = Number.POSITIVE_INFINITY;

  now(): UnixMs {
    return unixMs(Date.now());
  }

  at(atMs: UnixMs, task: ClockTask): Cancel {
    const cancel = this.#tasks.add(atMs, task);
    if (atMs < this.#wakesAtMs) this.#sleep();
    return () => {
      cancel();
      if (this.#tasks.nextAtMs() === undefined) this.#clear();
    };
  }

  #clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#wakesAtMs = Number.POSITIVE_INFINITY;
  }

  #sleep(): void {
    this.#clear();
    const nextAtMs = this.#tasks.nextAtMs();
    if (nextAtMs === undefined) return;
    const nowMs = this.now();
    const sleepMs = Math.min(Math.max(nextAtMs - nowMs, 0), LONGEST_SLEEP_MS);
    this.#wakesAtMs = nowMs + sleepMs;
    this.#timer = setTimeout(() => this.#wake(), sleepMs);
  }

  #wake(): void {
    this.#clear();
    const nowMs = this.now();
    for (let due = this.#tasks.takeDue(nowMs); due !== undefined; due = this.#tasks.takeDue(nowMs)) void due.task();
    this.#sleep();
  }
}

/** The system's time. Tasks run no earlier than they are due by the time of day, even when that is set anew. */
export function createSystemClock(): Clock {
  return new SystemClock();
}
