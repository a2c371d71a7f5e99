import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const POLL_MS = 200;
const OWNER = 'pid';

/**
 * Runs `job` while no other process runs one under the same lock (a folder). Waits for a process that is at it; a lock whose
 * process is gone is taken over.
 */
export async function exclusively<Result>(lock: string, job: () => Promise<Result>): Promise<Result> {
  mkdirSync(dirname(lock), { recursive: true });
  while (!take(lock)) {
    if (ownerIsGone(lock)) rmSync(lock, { recursive: true, force: true });
    else await setTimeout(POLL_MS);
  }
  try {
    return await job();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock);
  } catch {
    return false;
  }
  writeFileSync(join(lock, OWNER), String(process.pid));
  return true;
}

function ownerIsGone(lock: string): boolean {
  let pid: number;
  try {
    pid = Number(readFileSync(join(lock, OWNER), 'utf8'));
  } catch {
    return false;
  }
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
