import type { Cancel, Clock } from '@sextant/firmware-bridge/clock';
import { type UnixMs, unixMs } from '@sextant/firmware-bridge/protocol';

/** Stands still until it is moved, and waits for nobody: the tasks of a process that lost its disk never end. */
export class LooseClock implements Clock {
  #nowMs = 1_700_000_000_000;
  readonly #tasks = new Set<{ readonly atMs: number; readonly run: () => void | Promise<void> }>();

  now(): UnixMs {
    return unixMs(this.#nowMs);
  }

  at(atMs: UnixMs, run: () => void | Promise<void>): Cancel {
    const task = { atMs, run };
    this.#tasks.add(task);
    this.#runDue();
    return () => void this.#tasks.delete(task);
  }

  advance(byMs: number): void {
    this.#nowMs += byMs;
    this.#runDue();
  }

  #runDue(): void {
    setImmediate(() => {
      const due = [...this.#tasks].filter((task) => task.atMs <= this.#nowMs).sort((a, b) => a.atMs - b.atMs);
      for (const task of due) {
        if (this.#tasks.delete(task)) void task.run();
      }
    });
  }
}
