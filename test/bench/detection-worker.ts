import { parentPort } from 'node:worker_threads';
import { ATTACKS } from '../detection/attacks/index.ts';
import { HeliumNetwork } from '../detection/helium/helium-network.ts';
import { runSeed } from '../detection/measure/run-seed.ts';
import type { News, Task } from '../detection/measure/seed-pool.ts';
import { readBrno } from '../detection/real/brno.ts';
import { judgeSplit } from '../detection/real/moved-points.ts';
import { SextantNetwork } from '../detection/sextant/sextant-network.ts';

/** One thread of `npm run bench:detection`: it runs the tasks it is sent. */

const HONEST = 60;
/** The network has a history when the attack begins, and the attack goes on for a week. */
const SETTLED_EPOCHS = 5;
const ATTACK_EPOCHS = 7;

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
    const sizes = { honest: HONEST, settledEpochs: SETTLED_EPOCHS, attackEpochs: ATTACK_EPOCHS };
    const newRuns = () => [new SextantNetwork(), new HeliumNetwork()];
    for (const scores of runSeed({ seed, attacks: wanted, shares, ...sizes }, newRuns)) tell({ scores });
  }
  tell({ done: true });
});
