import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { findLiveProcess } from './process-identity.ts';

test('a living process is named with its command, the same each time', () => {
  const self = findLiveProcess(process.pid);
  expect(self?.command).toContain('node');
  expect(findLiveProcess(process.pid)).toEqual(self);
});

test('a zombie is not alive, although a signal can be sent to it', async () => {
  // The shell becomes `sleep`, which never collects the child it inherited.
  const parent = spawn('sh', ['-c', 'sleep 0.01 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
    const pid = Number(line);
    const deadline = performance.now() + 10_000;
    while (findLiveProcess(pid) !== undefined && performance.now() < deadline) await delay(10);
    expect(findLiveProcess(pid)).toBeUndefined();
    expect(process.kill(pid, 0)).toBe(true);
  } finally {
    parent.kill('SIGKILL');
  }
});

test('no process', () => {
  expect(findLiveProcess(4_000_000)).toBeUndefined();
  expect(findLiveProcess(0)).toBeUndefined();
  expect(findLiveProcess(Number.NaN)).toBeUndefined();
});
