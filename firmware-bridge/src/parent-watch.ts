/** What of `process` tells that the parent is gone. */
export interface ParentSource {
  /** Changes when the parent dies and another process adopts this one. */
  readonly ppid: number;
  /** True while there is an IPC channel; undefined when there never was one. */
  readonly connected?: boolean;
  on(event: 'disconnect', listener: () => void): unknown;
  off(event: 'disconnect', listener: () => void): unknown;
}

const LOOK_EVERY_MS = 500;

/**
 * Calls `onGone` once when the parent process is gone, by whatever signal: the kernel closes the IPC channel of a killed
 * parent, and without a channel the parent's process id changes. Returns what ends the watch. Does not keep the process
 * alive. Seen within half a second of real time, whatever the injected clock says.
 */
export function watchParent(onGone: () => void, source: ParentSource = process): () => void {
  const parent = source.ppid;
  const stop = (): void => {
    clearInterval(timer);
    source.off('disconnect', gone);
  };
  const gone = (): void => {
    stop();
    onGone();
  };
  const timer = setInterval(() => {
    if (source.ppid !== parent || source.connected === false) gone();
  }, LOOK_EVERY_MS);
  timer.unref();
  source.on('disconnect', gone);
  return stop;
}
