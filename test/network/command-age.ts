import { readFileSync } from 'node:fs';

/** Linux counts process times in hundredths of a second for every program (USER_HZ), whatever the kernel's own tick is. */
const TICK_MS = 10;
/** proc(5), /proc/[pid]/stat, behind the parenthesised name: the 20th is the start, in ticks since boot. */
const START_FIELD = 19;

/**
 * Milliseconds since the command was given: `npm start` is `tsc … && exec node …`, and exec keeps the process, so its age
 * includes the compiler. Elsewhere than on Linux only this program's own age is known.
 */
export function commandAgeMs(): number {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const startTicks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START_FIELD]);
    const uptimeMs = Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]) * 1_000;
    const ageMs = uptimeMs - startTicks * TICK_MS;
    if (Number.isFinite(ageMs) && ageMs >= 0) return ageMs;
  } catch {
    // No /proc.
  }
  return process.uptime() * 1_000;
}
