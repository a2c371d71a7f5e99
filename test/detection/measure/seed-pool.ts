import { Worker } from 'node:worker_threads';
import type { WorldScore } from './run-seed.ts';

export interface SeedTask {
  readonly seed: string;
  /** Names of the attacks; all if absent. */
  readonly attacks?: readonly string[];
  readonly shares: readonly number[];
}

/** What a worker tells: the scores of one attack at one share, or that its seed is finished. */
export type SeedNews = { readonly scores: readonly WorldScore[] } | { readonly done: true };

/** Runs seeds on `threads` workers. Scores come back in the order of the tasks, whoever was first. */
export async function runSeeds(
  tasks: readonly SeedTask[],
  options: { readonly threads: number; readonly worker: URL; readonly onScores: () => void },
): Promise<readonly WorldScore[]> {
  const results: WorldScore[][] = tasks.map(() => []);
  let next = 0;
  const runOne = (worker: Worker, index: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const settle = (outcome: () => void): void => {
        worker.removeAllListeners();
        outcome();
      };
      worker.on('error', (error) => settle(() => reject(error)));
      worker.on('exit', (code) => settle(() => reject(new Error(`a worker ended with code ${code}`))));
      worker.on('message', (news: SeedNews) => {
        if ('done' in news) return settle(resolve);
        results[index]?.push(...news.scores);
        options.onScores();
      });
      worker.postMessage(tasks[index]);
    });
  const lane = async (): Promise<void> => {
    const worker = new Worker(options.worker);
    try {
      for (let index = next++; index < tasks.length; index = next++) await runOne(worker, index);
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.threads, tasks.length) }, lane));
  return results.flat();
}
