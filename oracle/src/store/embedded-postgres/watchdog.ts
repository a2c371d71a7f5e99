import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findLiveProcess, sendSignal } from './process-identity.ts';
import { serverEnvironment } from './run-program.ts';

/**
 * Waits until its standard input ends: the kernel closes it when the parent dies, by whatever signal. Leaves some seconds in
 * which a restarted oracle may take the folder over (then there is a next owner's file, or the old one is gone), and else stops
 * the server: fast, and after ten seconds at once. It looks at the command line first, because a pid may be somebody else's by
 * now. A shell and not a Node process: about 1 MB instead of 40.
 */
const SCRIPT = `
read -r _
sleep "$1"
[ -e "$2" ] && [ ! -e "$3" ] || exit 0
read -r pid < "$4/postmaster.pid" || exit 0
if [ -r "/proc/$pid/cmdline" ]; then
  command=$(tr '\\0' ' ' < "/proc/$pid/cmdline")
else
  command=$(ps -o command= -p "$pid")
fi
case "$command" in *"$4"*) ;; *) exit 0 ;; esac
kill -INT "$pid" || exit 0
waited=0
while [ "$waited" -lt 10 ]; do
  sleep 1
  kill -0 "$pid" 2>/dev/null || exit 0
  waited=$((waited + 1))
done
kill -QUIT "$pid"
`;

export interface WatchdogOptions {
  readonly folder: string;
  readonly cluster: string;
  readonly ownerFile: string;
  readonly successorFile: string;
  /** How long an orphaned server waits to be adopted. */
  readonly graceSeconds: number;
}

export interface Watchdog {
  stop(): void;
}

const pidFile = (folder: string): string => join(folder, 'watchdog.pid');

/** Starts the process that stops the server when this one is gone. Its predecessor, if any, must have been retired. */
export function startWatchdog(options: WatchdogOptions): Watchdog {
  const { folder, cluster, ownerFile, successorFile, graceSeconds } = options;
  const child: ChildProcess = spawn(
    'sh',
    ['-c', SCRIPT, 'sextant-database-watchdog', String(graceSeconds), ownerFile, successorFile, cluster],
    { detached: true, cwd: '/', env: serverEnvironment(undefined), stdio: ['pipe', 'ignore', 'ignore'] },
  );
  child.on('error', () => undefined);
  child.stdin?.on('error', () => undefined);
  child.unref();
  const stdin: unknown = child.stdin;
  if (typeof stdin === 'object' && stdin !== null && 'unref' in stdin && typeof stdin.unref === 'function')
    stdin.unref();
  writeFileSync(pidFile(folder), `${child.pid ?? 0}\n`, { mode: 0o600 });
  return {
    stop: () => {
      child.kill('SIGKILL');
      rmSync(pidFile(folder), { force: true });
    },
  };
}

/** Ends the watchdog a dead predecessor left, so that it cannot stop a server that has just been adopted. */
export function retireWatchdog(folder: string): void {
  let pid: number;
  try {
    pid = Number(readFileSync(pidFile(folder), 'utf8'));
  } catch {
    return;
  }
  if (findLiveProcess(pid)?.command.includes('sextant-database-watchdog') === true) sendSignal(pid, 'SIGKILL');
  rmSync(pidFile(folder), { force: true });
}
