/** What asks a process to end; `process` fits. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
}

/** One Ctrl-C can arrive as two SIGINTs: a repeat within this time is the same one. */
const REPEAT_MS = 1_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface EndWatch {
  /** Resolves with the first signal. */
  readonly asked: Promise<NodeJS.Signals>;
  stop(): void;
}

/** Watches for signals that ask this process to end; a second one that is no repeat of the first calls `onInsisted`. */
export function watchForEnd(source: SignalSource, nowMs: () => number, onInsisted: () => void): EndWatch {
  let resolve: (signal: NodeJS.Signals) => void = () => undefined;
  const asked = new Promise<NodeJS.Signals>((resolved) => {
    resolve = resolved;
  });
  let firstAtMs: number | undefined;
  const listeners = SIGNALS.map((signal) => {
    const listener = (): void => {
      if (firstAtMs === undefined) {
        firstAtMs = nowMs();
        resolve(signal);
      } else if (nowMs() - firstAtMs > REPEAT_MS) onInsisted();
    };
    source.on(signal, listener);
    return { signal, listener };
  });
  return {
    asked,
    stop() {
      for (const { signal, listener } of listeners) source.off(signal, listener);
    },
  };
}
