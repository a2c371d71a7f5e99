import type { Clock } from '../clock.ts';
import { unixMs } from '../protocol/index.ts';
import { createManualClock } from './manual-clock.ts';

/** What a process steered by its parent needs of its IPC channel: `process` of a forked child fits. */
export interface SteeringChannel {
  on(event: 'message', listener: (message: unknown) => void): unknown;
  off(event: 'message', listener: (message: unknown) => void): unknown;
  send?(message: unknown): boolean;
}

/** Parent → child: run everything due until `to` (Unix ms). The child answers `{ type: 'clock/advanced', to }`. */
interface AdvanceMessage {
  readonly type: 'clock/advance';
  readonly to: number;
}

export interface SteeredClock extends Clock {
  /** Resolves with the first `clock/advance`: before it `now()` is 0, so nothing should be started before it. */
  readonly started: Promise<void>;
  /** Stops listening to the parent. */
  release(): void;
}

/**
 * A clock that a parent process moves over IPC. Tasks run in the order of time, each awaited, before the answer is sent;
 * so all children of one parent share one time, and nothing sleeps.
 */
export function createSteeredClock(channel: SteeringChannel): SteeredClock {
  const clock = createManualClock(unixMs(0));
  let resolve: () => void = () => undefined;
  const started = new Promise<void>((resolved) => {
    resolve = resolved;
  });
  const onMessage = (message: unknown): void => {
    if (!isAdvance(message)) return;
    const { to } = message;
    void clock.advanceTo(unixMs(to)).then(() => {
      resolve();
      channel.send?.({ type: 'clock/advanced', to });
    });
  };
  channel.on('message', onMessage);
  return {
    started,
    now: () => clock.now(),
    at: (atMs, task) => clock.at(atMs, task),
    release: () => void channel.off('message', onMessage),
  };
}

function isAdvance(message: unknown): message is AdvanceMessage {
  return (
    typeof message === 'object' &&
    message !== null &&
    'type' in message &&
    message.type === 'clock/advance' &&
    'to' in message &&
    Number.isSafeInteger(message.to)
  );
}
