import { readFileSync } from 'node:fs';
import { systemCodeOf } from './ledger-error.ts';

/** Which processes live on this machine. */
export interface ProcessTable {
  /** This process. */
  readonly pid: number;
  /** Something that no other process with this pid ever had; undefined when none has it now. */
  identify(pid: number): string | undefined;
}

export const nodeProcessTable: ProcessTable = {
  pid: process.pid,
  identify(pid) {
    if (!isAlive(pid)) return undefined;
    const linux = readLinuxProcess(pid);
    if (linux === undefined) return 'running';
    return linux.isZombie ? undefined : linux.identity;
  },
};

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) === 'EPERM';
  }
}

/**
 * Boot and start time of the process: a pid alone is used again after a reboot, and in a container it is always 1.
 * Undefined where there is no Linux /proc. Fields of /proc/<pid>/stat: proc(5).
 */
function readLinuxProcess(pid: number): { readonly identity: string; readonly isZombie: boolean } | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { identity: `${boot}:${rest[18]}`, isZombie: state === 'Z' || state === 'X' };
  } catch {
    return undefined;
  }
}
