/**
 * How well liars are told from the honest: `npm run bench:detection`. The rule set of this network and the published Helium
 * rules judge the same simulated worlds; links measured in Brno are judged besides. Prints tables; `--json` and `--svg`
 * write files.
 */

import { writeFileSync } from 'node:fs';
import { ATTACKS } from '../detection/attacks/index.ts';
import { type BenchOptions, parseBenchOptions, USAGE } from '../detection/measure/bench-options.ts';
import { drawChart } from '../detection/measure/detection-chart.ts';
import { runSeeds } from '../detection/measure/seed-pool.ts';
import { summarise, type WorldSummary } from '../detection/measure/summary.ts';
import { worldsTable } from '../detection/measure/worlds-table.ts';
import { PlainProgress } from '../network/progress/plain-progress.ts';
import { createPalette, type Progress } from '../network/progress/progress.ts';
import { TerminalProgress } from '../network/progress/terminal-progress.ts';

const CHART_SHARE = 0.2;
const BAR_WIDTH = 24;

function openProgress(): Progress {
  const modules = { output: process.stdout, nowMs: () => performance.now() };
  if (!process.stdout.isTTY) return new PlainProgress(modules);
  return new TerminalProgress({ palette: createPalette(process.env['NO_COLOR'] === undefined) }, modules);
}

async function runWorlds(options: BenchOptions, progress: Progress): Promise<readonly WorldSummary[]> {
  const { attacks, shares } = options;
  const kinds = (attacks?.length ?? ATTACKS.length) * shares.length;
  const whole = kinds * options.seeds;
  let finished = 0;
  const show = (): void => {
    const filled = Math.round((BAR_WIDTH * finished) / whole);
    progress.live(`${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${finished} of ${whole} worlds`);
  };
  const tasks = Array.from({ length: options.seeds }, (_, i) => ({
    seed: `${options.seed}/${i}`,
    shares,
    ...(attacks === undefined ? {} : { attacks }),
  }));
  show();
  const scores = await runSeeds(tasks, {
    threads: options.threads,
    worker: new URL('detection-worker.js', import.meta.url),
    onScores() {
      finished++;
      show();
    },
  });
  progress.live(undefined);
  return summarise(scores);
}

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

function isUnknown(name: string): boolean {
  return !ATTACKS.some((attack) => attack.name === name);
}

async function run(options: BenchOptions): Promise<void> {
  const progress = openProgress();
  const worlds = options.only === 'real' ? [] : await runWorlds(options, progress);
  progress.close();
  if (worlds.length > 0) console.log(worldsTable(worlds).join('\n'));
  if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, `${JSON.stringify({ worlds }, undefined, 1)}\n`);
  if (options.svgFile !== undefined && worlds.length > 0) {
    const command = `npm run bench:detection -- --seed ${options.seed} --seeds ${options.seeds} --svg <file>`;
    writeFileSync(options.svgFile, drawChart(worlds, CHART_SHARE, command));
  }
}
