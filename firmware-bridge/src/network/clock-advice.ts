import type { Timing, UnixMs } from '../protocol/index.ts';

/** A span of time for people: `1 h 2 min`, `35 s`, `200 ms`. */
export function formatSpan(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1_000);
  if (Math.abs(ms) < 1_000) return `${Math.round(Math.abs(ms))} ms`;
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A login token of a clock that is further off than this may be refused; see the token's lifetime. */
const LOGIN_TOLERANCE_MS = 120_000;

/** What is wrong with this machine's clock and how to mend it; undefined when it is good enough to take part. */
export function findClockProblem(timing: Timing, nowMs: UnixMs, serverTimeMs: UnixMs): string | undefined {
  const offsetMs = nowMs - serverTimeMs;
  if (Math.abs(offsetMs) <= Math.min(timing.clockMarginMs, LOGIN_TOLERANCE_MS)) return undefined;
  const direction = offsetMs > 0 ? 'ahead of' : 'behind';
  return (
    `This machine's clock is ${formatSpan(offsetMs)} ${direction} the network's. Until it is right no login is accepted and ` +
    'nothing it reports counts. Set it by NTP:  timedatectl set-ntp true  (or: chronyc makestep), then try again.'
  );
}
