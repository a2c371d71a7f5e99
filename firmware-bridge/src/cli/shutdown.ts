import { watchParent } from '../parent-watch.ts';

/** What asks the process to end; `process` fits. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
}

/** One Ctrl-C can arrive as two SIGINTs: a repeat within this time is the same one. */
const REPEAT_MS = 1_000;
/** Longer than a clean end takes. */
const PATIENCE_MS = 4_500;

/**
 * Resolves when the process should end: a signal, or (for a child with an IPC channel) its parent is gone. From then on it
 * has 4.5 s; after that, or at a second Ctrl-C that is no repeat, `onImpatient` is called.
 */
export function untilShutdown(source: SignalSource, hasParent: boolean, onImpatient: () => void): Promise<string> {
  return new Promise((resolve) => {
    let firstAtMs: number | undefined;
    const begin = (why: string): void => {
      const nowMs = performance.now();
      if (firstAtMs === undefined) {
        firstAtMs = nowMs;
        setTimeout(onImpatient, PATIENCE_MS).unref();
        resolve(why);
      } else if (nowMs - firstAtMs > REPEAT_MS) onImpatient();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) source.on(signal, () => begin(signal));
    if (hasParent) watchParent(() => begin('the parent process is gone'));
  });
}
