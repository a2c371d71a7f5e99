import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { listProcesses, processTree, treeRssMiB, watchMemory } from './process-memory.ts';

const spawned: ReturnType<typeof spawn>[] = [];
afterEach(async () => {
  for (const child of spawned.splice(0)) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

const MEBIBYTES = 120;

async function spawnHog(): Promise<number> {
  const hog = `const held = Buffer.alloc(${MEBIBYTES} << 20, 1); console.log(held.length); setInterval(() => held, 1e6)`;
  const child = spawn(process.execPath, ['-e', hog], { stdio: ['ignore', 'pipe', 'inherit'] });
  spawned.push(child);
  await once(child.stdout, 'data');
  return child.pid ?? 0;
}

describe('memory of a tree of processes', () => {
  it('finds descendants of descendants, and nobody else', () => {
    const of = (pid: number, parent: number) => ({ pid, parent, rssKiB: 1 });
    const all = [of(1, 0), of(5, 1), of(9, 5), of(7, 9), of(6, 1), of(8, 6)];
    expect(
      processTree(all, 5)
        .map(({ pid }) => pid)
        .sort((a, b) => a - b),
    ).toEqual([5, 7, 9]);
    expect(processTree(all, 99)).toEqual([]);
  });

  it('counts what a child holds, for as long as it lives', async () => {
    const watch = watchMemory();
    const before = treeRssMiB(process.pid);
    const pid = await spawnHog();
    expect(listProcesses().find((facts) => facts.pid === pid)?.parent).toBe(process.pid);
    expect(treeRssMiB(pid)).toBeGreaterThan(MEBIBYTES);
    expect(treeRssMiB(process.pid)).toBeGreaterThan(before + MEBIBYTES / 2);
    const peak = watch.peakMiB();
    expect(peak).toBeGreaterThan(before + MEBIBYTES / 2);
    for (const child of spawned.splice(0)) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    expect(treeRssMiB(pid)).toBe(0);
    expect(watch.peakMiB()).toBeGreaterThanOrEqual(peak);
    watch.stop();
  });
});
