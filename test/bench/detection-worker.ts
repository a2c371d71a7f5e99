import { parentPort } from 'node:worker_threads';
import { ATTACKS } from '../detection/attacks/index.ts';
import { HeliumNetwork } from '../detection/helium/helium-network.ts';
import { runSeed, WORLD_SIZES } from '../detection/measure/run-seed.ts';
import type { News, Task } from '../detection/measure/seed-pool.ts';
import { readBrno } from '../detection/real/brno.ts';
import { judgeSplit } from '../detection/real/moved-points.ts';
import { SextantNetwork } from '../detection/sextant/sextant-network.ts';

/** One thread of `npm run bench:detection`: it runs the tasks it is sent. */

const port = parentPort;
if (!port) throw new Error('this file runs as a worker thread of bench/detection.ts');
const tell = (news: News): void => port.postMessage(news);

port.on('message', (task: Task) => {
  if ('split' in task) {
    const brno = readBrno();
    tell({ points: brno === undefined ? [] : judgeSplit(brno, task.split) });
  } else {
    const { attacks, seed, shares } = task;
    const wanted = attacks === undefined ? ATTACKS : ATTACKS.filter(({ name }) => attacks.includes(name));
    const newRuns = () => [new SextantNetwork(), new HeliumNetwork()];
    for (const scores of runSeed({ seed, attacks: wanted, shares, ...WORLD_SIZES }, newRuns)) tell({ scores });
  }
  tell({ done: true });
});
