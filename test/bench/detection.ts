/**
 * How well liars are told from the honest: `npm run bench:detection`. The rule set of this network and the published Helium
 * rules judge the same simulated worlds, and links measured in Brno. Prints tables; `--json` and `--svg` write files.
 */

import { writeFileSync } from 'node:fs';
import { ATTACKS } from '../detection/attacks/index.ts';
import { type BenchOptions, parseBenchOptions, USAGE } from '../detection/measure/bench-options.ts';
import { drawChart } from '../detection/measure/detection-chart.ts';
import { runTasks, type Task } from '../detection/measure/seed-pool.ts';
import { summarise, type WorldSummary } from '../detection/measure/summary.ts';
import { worldsTable } from '../detection/measure/worlds-table.ts';
import { type Brno, readBrno } from '../detection/real/brno.ts';
import { countSnrRefusals } from '../detection/real/moved-points.ts';
import { type RealSummary, realTable, summariseReal } from '../detection/real/real-summary.ts';
import { barOf } from '../network/progress/bar.ts';
import { openProgress } from '../network/progress/open-progress.ts';

const CHART_SHARE = 0.2;
const SPLITS = 20;

/** Runs tasks under a bar that fills as `whole` pieces come in. */
async function runShown(tasks: readonly Task[], whole: number, what: string, options: BenchOptions) {
  const progress = openProgress(process.stderr);
  let finished = 0;
  const show = (): void => progress.live(barOf(finished, whole, what));
  show();
  const onNews = (): void => {
    finished++;
    show();
  };
  try {
    return await runTasks(tasks, {
      threads: options.threads,
      worker: new URL('detection-worker.js', import.meta.url),
      onNews,
    });
  } finally {
    progress.close();
  }
}

async function runWorlds(options: BenchOptions): Promise<readonly WorldSummary[]> {
  const { attacks, seed, seeds, shares } = options;
  const kinds = (attacks?.length ?? ATTACKS.length) * shares.length;
  const tasks = Array.from({ length: seeds }, (_, i) => ({
    seed: `${seed}/${i}`,
    shares,
    ...(attacks === undefined ? {} : { attacks }),
  }));
  const { scores } = await runShown(tasks, kinds * seeds, 'worlds', options);
  const summaries = summarise(scores);
  console.log(worldsTable(summaries).join('\n'));
  return summaries;
}

async function runReal(brno: Brno | undefined, options: BenchOptions): Promise<readonly RealSummary[]> {
  if (brno === undefined) {
    console.log(
      '\nSKIPPED: links measured in Brno. The data lies in ../shared/data/brno beside the checkout; it is not here.',
    );
    return [];
  }
  const tasks = Array.from({ length: SPLITS }, (_, i) => ({ split: `${options.seed}/${i}` }));
  const { points } = await runShown(tasks, SPLITS, 'splits of the points in Brno', options);
  const summaries = summariseReal(points);
  const { refused, receptions } = countSnrRefusals(brno);
  console.log(
    `\nBrno: ${brno.points.length} test points, ${brno.gateways.size} gateways; mean of ${SPLITS} splits, claims moved`,
    ...realTable(summaries).map((line) => `\n${line}`),
    `\nSNR against the spreading factor: ${refused} of ${receptions} refused. Vacuous here: the factor is inferred from the SNR.`,
  );
  return summaries;
}

async function run(options: BenchOptions): Promise<void> {
  const real = options.only === 'worlds' ? [] : await runReal(readBrno(), options);
  const worlds = options.only === 'real' ? [] : await runWorlds(options);
  if (options.jsonFile !== undefined) {
    writeFileSync(options.jsonFile, `${JSON.stringify({ worlds, real }, undefined, 1)}\n`);
  }
  if (options.svgFile !== undefined && worlds.length > 0) {
    const command = `npm run bench:detection -- --only worlds --seed ${options.seed} --seeds ${options.seeds} --shares ${options.shares.map((share) => Math.round(share * 1000) / 10).join()} --svg FILE`;
    writeFileSync(options.svgFile, drawChart(worlds, CHART_SHARE, command));
  }
}

const isUnknown = (name: string): boolean => !ATTACKS.some((attack) => attack.name === name);

const options = parseBenchOptions(process.argv.slice(2));
const unknown = typeof options === 'string' ? [] : (options.attacks ?? []).filter(isUnknown);
if (typeof options === 'string' || unknown.length > 0) {
  const names = ATTACKS.map(({ name }) => name).join(', ');
  const wrong = typeof options === 'string' ? options : `no attack is called ${unknown.join(', ')}; there are ${names}`;
  console.error(`${wrong}\n\n${USAGE}`);
  process.exitCode = 2;
} else {
  await run(options);
}
