import type { UnixMs } from './protocol/index.ts';

/** Cancels what was scheduled; does nothing when it already ran. */
export type Cancel = () => void;

/**
 * The only source of time in every process of the network: the system's clock in production, a steered one in
 * replays and tests. Nothing else calls `Date` or `setTimeout` for anything the protocol is about.
 */
export interface Clock {
  /** Unix milliseconds. */
  now(): UnixMs;
  /** Runs `task` once at `atMs`, or at once when that has passed. A rejected promise is the task's own to handle. */
  at(atMs: UnixMs, task: () => void | Promise<void>): Cancel;
}
