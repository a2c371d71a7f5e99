import type { UnixMs } from '../protocol/index.ts';

export type ClockTask = () => void | Promise<void>;

interface Entry {
  readonly atMs: UnixMs;
  /** Of two tasks due at one moment the one that was scheduled first runs first. */
  readonly order: number;
  readonly task: ClockTask;
  cancelled: boolean;
}

const isBefore = (a: Entry, b: Entry): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

/** Tasks in the order they are due: a binary heap, so that thousands of them cost nothing. */
export class TaskQueue {
  readonly #heap: Entry[] = [];
  #order = 0;

  /** Returns what takes the task out again. */
  add(atMs: UnixMs, task: ClockTask): () => void {
    const entry: Entry = { atMs, order: this.#order++, task, cancelled: false };
    const heap = this.#heap;
    heap.push(entry);
    let child = heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      const above = heap[parent] as Entry;
      if (!isBefore(entry, above)) break;
      heap[child] = above;
      child = parent;
    }
    heap[child] = entry;
    return () => {
      entry.cancelled = true;
    };
  }

  /** When the next task is due; undefined when there is none. */
  nextAtMs(): UnixMs | undefined {
    while (this.#heap[0]?.cancelled) this.#pop();
    return this.#heap[0]?.atMs;
  }

  /** Takes out the next task that is due at or before `atMs`. */
  takeDue(atMs: UnixMs): { readonly atMs: UnixMs; readonly task: ClockTask } | undefined {
    const next = this.nextAtMs();
    return next !== undefined && next <= atMs ? this.#pop() : undefined;
  }

  #pop(): Entry | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let parent = 0;
    for (;;) {
      const left = 2 * parent + 1;
      const leftEntry = heap[left];
      const rightEntry = heap[left + 1];
      if (leftEntry === undefined) break;
      const smaller = rightEntry !== undefined && isBefore(rightEntry, leftEntry) ? left + 1 : left;
      const below = heap[smaller] as Entry;
      if (!isBefore(below, last)) break;
      heap[parent] = below;
      parent = smaller;
    }
    heap[parent] = last;
    return top;
  }
}
