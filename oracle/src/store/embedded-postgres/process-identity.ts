import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process that really runs: a zombie does not. */
export interface LiveProcess {
  readonly pid: number;
  /** Differs between two processes that had the same pid one after the other; empty where the system does not tell. */
  readonly startedAt: string;
  /** Program and arguments; empty where the system does not tell. */
  readonly command: string;
}

/**
 * The live process `pid`; undefined when there is none or it is a zombie (in a container nobody may ever reap it, and a
 * plain `kill -0` calls it alive).
 */
export function findLiveProcess(pid: number): LiveProcess | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0 || !exists(pid)) return undefined;
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** proc(5): fields behind the parenthesised name; the 3rd is the state, the 22nd the start in ticks since boot. */
function fromProc(pid: number): LiveProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid, startedAt: `${boot}/${fields[19] ?? ''}`, command };
  } catch {
    return exists(pid) ? { pid, startedAt: '', command: '' } : undefined;
  }
}

function fromPs(pid: number): LiveProcess | undefined {
  try {
    const ask = (column: string): string =>
      execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).trim();
    if (ask('stat').startsWith('Z')) return undefined;
    return { pid, startedAt: ask('lstart'), command: ask('command') };
  } catch {
    return exists(pid) ? { pid, startedAt: '', command: '' } : undefined;
  }
}

/** Sends a signal; false when there is no such process (any more). */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
