import { join } from 'node:path';
import { ChildError } from './child-process.ts';
import { launch } from './launch.ts';
import { HELP, OptionError, parseLaunchOptions } from './launch-options.ts';
import { PortError } from './ports.ts';
import { Children } from './programs.ts';
import { openProgress } from './progress/open-progress.ts';
import { watchForEnd } from './signals.ts';

/** `npm start`: the whole network on this machine, each part a process of its own. */

const nowMs = (): number => performance.now();

async function main(): Promise<void> {
  const options = parseLaunchOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(HELP);
    return;
  }
  const progress = openProgress(process.stdout);
  const children = new Children(join(options.dataDirectory, 'logs'));
  const ending = new AbortController();
  const watch = watchForEnd(process, nowMs, () => {
    children.killAll();
    progress.close();
    process.exit(1);
  });
  void watch.asked.then(() => ending.abort());
  try {
    await launch(options, { children, progress, ending: ending.signal });
  } finally {
    if (children.areRunning) {
      const step = progress.begin('stopping');
      await children.stopAll();
      step.done('everything is stored');
    }
    progress.close();
    watch.stop();
  }
}

try {
  await main();
} catch (error) {
  process.exitCode = 1;
  if (error instanceof OptionError || error instanceof PortError) console.error(error.message);
  else if (error instanceof ChildError) console.error(`${error.message}\nMore about it: ${error.logFile}`);
  else throw error;
}
