import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly seed: string;
  readonly seeds: number;
  readonly only?: 'real' | 'worlds';
  readonly attacks?: readonly string[];
  readonly shares: readonly number[];
  readonly threads: number;
  readonly jsonFile?: string;
  readonly svgFile?: string;
}

export const USAGE = `Usage: npm run bench:detection [-- options]
  --seed S          name of the first world's seed (default "1")
  --seeds N         worlds of each kind (default 20)
  --only WHAT       "real" (measured links) or "worlds" (simulated attacks)
  --attack NAME     only this attack; may be given several times
  --shares LIST     attackers in percent of all hotspots (default 5,20,40)
  --threads N       worker threads (default: one a core)
  --json FILE       write every number
  --svg FILE        draw the reward captured at 20 %`;

/** Reads the command line. A string says what is wrong with it. */
export function parseBenchOptions(args: readonly string[]): BenchOptions | string {
  const option = { type: 'string' } as const;
  let values: Partial<Record<string, string | string[]>>;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        seed: option,
        seeds: option,
        only: option,
        attack: { type: 'string', multiple: true },
        shares: option,
        threads: option,
        json: option,
        svg: option,
      },
    }));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const text = (name: string): string | undefined => values[name] as string | undefined;
  const seeds = Number(text('seeds') ?? 20);
  const threads = Number(text('threads') ?? availableParallelism());
  const shares = (text('shares') ?? '5,20,40').split(',').map((percent) => Number(percent) / 100);
  const only = text('only');
  if (!Number.isInteger(seeds) || seeds < 1) return `--seeds is a whole number from 1, not "${text('seeds')}"`;
  if (!Number.isInteger(threads) || threads < 1) return `--threads is a whole number from 1, not "${text('threads')}"`;
  if (!shares.every((share) => share > 0 && share < 0.9)) return '--shares are percentages between 0 and 90';
  if (only !== undefined && only !== 'real' && only !== 'worlds') return '--only is "real" or "worlds"';
  const [attacks, jsonFile, svgFile] = [values['attack'] as string[] | undefined, text('json'), text('svg')];
  return {
    seed: text('seed') ?? '1',
    seeds,
    shares,
    threads,
    ...(only === undefined ? {} : { only }),
    ...(attacks === undefined ? {} : { attacks }),
    ...(jsonFile === undefined ? {} : { jsonFile }),
    ...(svgFile === undefined ? {} : { svgFile }),
  };
}
