import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildError } from '../network/child-process.ts';
import { formatDuration } from '../network/durations.ts';
import { Children } from '../network/programs.ts';
import { openProgress } from '../network/progress/open-progress.ts';
import { watchForEnd } from '../network/signals.ts';
import { LinksCsvError, parseLinksCsv } from './links-csv.ts';
import { HELP, parseReplayOptions, ReplayOptionError } from './replay-options.ts';
import { planReplay } from './replay-plan.ts';
import { describeResult } from './replay-report.ts';
import { runReplay } from './replay-run.ts';

/** `npm run replay`: measured receptions on the road that production takes. */

const nowMs = (): number => performance.now();

function openFolder(asked: string | undefined): string {
  if (asked === undefined) return mkdtempSync(join(tmpdir(), 'sextant-replay-'));
  if (existsSync(asked) && readdirSync(asked).length > 0) {
    throw new ReplayOptionError(`--keep-data ${asked}: the folder is not empty. A replay begins with an empty one.`);
  }
  mkdirSync(asked, { recursive: true });
  return asked;
}

async function main(): Promise<void> {
  const options = parseReplayOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(HELP);
    return;
  }
  const measured = parseLinksCsv(readFileSync(options.linksFile, 'utf8'));
  const plan = planReplay(measured);
  const folder = openFolder(options.dataDirectory);
  const progress = openProgress(process.stdout);
  const children = new Children(join(folder, 'logs'));
  const watch = watchForEnd(process, nowMs, () => {
    children.killAll();
    process.exit(1);
  });
  try {
    const { strong } = progress.palette;
    progress.say(
      '',
      `  ${strong('Sextant replay')} · ${measured.links.length} links of ${plan.gateways.length} gateways`,
      '',
    );
    const result = await Promise.race([
      runReplay(plan, options, { children, progress, folder, nowMs }),
      interrupted(watch),
    ]);
    if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, `${JSON.stringify(result, undefined, 2)}\n`);
    progress.say(...describeResult(result, measured.withoutGateway, progress.palette));
    if (result.receipts < result.reportsSent || result.unjudged.length > 0) process.exitCode = 1;
  } finally {
    await children.stopAll();
    progress.close();
    watch.stop();
    if (options.dataDirectory === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

class Interrupted extends Error {}

async function interrupted({ asked }: ReturnType<typeof watchForEnd>): Promise<never> {
  await asked;
  throw new Interrupted();
}

const startedMs = nowMs();
try {
  await main();
} catch (error) {
  process.exitCode = 1;
  if (error instanceof Interrupted) console.error(`interrupted after ${formatDuration(nowMs() - startedMs)}`);
  else if (error instanceof ReplayOptionError || error instanceof LinksCsvError) console.error(error.message);
  else if (error instanceof ChildError) console.error(`${error.message}\nMore about it: ${error.logFile}`);
  else throw error;
}
