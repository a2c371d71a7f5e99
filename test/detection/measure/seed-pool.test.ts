import { describe, expect, it } from 'vitest';
import { runTasks } from './seed-pool.ts';

/** Answers each split with one score that names it. */
const ECHO = `import { parentPort } from 'node:worker_threads';
parentPort.on('message', ({ split }) => {
  parentPort.postMessage({ points: [{ km: Number(split) }] });
  parentPort.postMessage({ done: true });
});`;
const BREAKS = `import { parentPort } from 'node:worker_threads';
parentPort.on('message', () => { throw new Error('this world is broken'); });`;

const workerOf = (source: string): URL => new URL(`data:text/javascript,${encodeURIComponent(source)}`);
const tasks = Array.from({ length: 7 }, (_, i) => ({ split: String(i) }));

describe('a benchmark on threads', () => {
  it('gives each thread several tasks, and what they found in the order of the tasks', async () => {
    let news = 0;
    const { points } = await runTasks(tasks, { threads: 2, worker: workerOf(ECHO), onNews: () => news++ });
    expect(points.map(({ km }) => km)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(news).toBe(7);
  });

  it('ends with the mistake of a thread', async () => {
    const run = runTasks(tasks, { threads: 2, worker: workerOf(BREAKS), onNews: () => undefined });
    await expect(run).rejects.toThrow('this world is broken');
  });
});
