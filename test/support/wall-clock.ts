import type { Clock } from '@sextant/firmware-bridge/clock';
import { unixMs } from '@sextant/firmware-bridge/protocol';

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The system's clock, for tests and benches of what runs in real time. */
export const wallClock: Clock = {
  now: () => unixMs(Date.now()),
  at(atMs, task) {
    const timer = setTimeout(() => void task(), Math.min(Math.max(0, atMs - Date.now()), LONGEST_TIMER_MS));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
