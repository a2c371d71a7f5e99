import { Worker } from 'node:worker_threads';
import type { PointVerdict } from '../real/moved-points.ts';
import type { WorldScore } from './run-seed.ts';

/** One seed's worlds, or one split of the measured points. */
export type Task =
  | {
      readonly seed: string;
      /** Names of the attacks; all if absent. */
      readonly attacks?: readonly string[];
      readonly shares: readonly number[];
    }
  | { readonly split: string };

/** What a worker tells: one attack at one share, a split, or that its task is finished. */
export type News =
  | { readonly scores: readonly WorldScore[] }
  | { readonly points: readonly PointVerdict[] }
  | { readonly done: true };

export interface PoolOptions {
  readonly threads: number;
  readonly worker: URL;
  /** Something came in. */
  readonly onNews: () => void;
}

/** Worlds are made of very many small things that soon are of no use: with room for them little has to be copied about. */
const YOUNG_MB = 192;

/** Runs tasks on threads. What they found comes back in the order of the tasks, whoever was first. */
export async function runTasks(
  tasks: readonly Task[],
  options: PoolOptions,
): Promise<{ readonly scores: readonly WorldScore[]; readonly points: readonly PointVerdict[] }> {
  const found = tasks.map(() => ({ scores: [] as WorldScore[], points: [] as PointVerdict[] }));
  let next = 0;
  const runOne = (worker: Worker, index: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const onMessage = (news: News): void => {
        if ('done' in news) return settle(resolve);
        if ('scores' in news) found[index]?.scores.push(...news.scores);
        else found[index]?.points.push(...news.points);
        options.onNews();
      };
      const onError = (error: unknown): void => settle(() => reject(error));
      const onExit = (code: number): void => settle(() => reject(new Error(`a worker ended with code ${code}`)));
      // One by one: a worker whose listeners are all removed at once never hears of its thread again.
      const settle = (outcome: () => void): void => {
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        outcome();
      };
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage(tasks[index]);
    });
  const lane = async (): Promise<void> => {
    const worker = new Worker(options.worker, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
    try {
      for (let index = next++; index < tasks.length; index = next++) await runOne(worker, index);
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.threads, tasks.length) }, lane));
  return { scores: found.flatMap(({ scores }) => scores), points: found.flatMap(({ points }) => points) };
}
