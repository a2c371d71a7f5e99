import { parentPort } from 'node:worker_threads';
import { ATTACKS } from '../detection/attacks/index.ts';
import { HeliumNetwork } from '../detection/helium/helium-network.ts';
import { runSeed } from '../detection/measure/run-seed.ts';
import type { SeedNews, SeedTask } from '../detection/measure/seed-pool.ts';

/** One thread of `npm run bench:detection`: it runs the seeds it is sent. */

const HONEST = 100;
const SETTLED_EPOCHS = 6;
const ATTACK_EPOCHS = 8;

const port = parentPort;
if (!port) throw new Error('this file runs as a worker thread of bench/detection.ts');
const tell = (news: SeedNews): void => port.postMessage(news);

port.on('message', ({ seed, attacks, shares }: SeedTask) => {
  const wanted = attacks === undefined ? ATTACKS : ATTACKS.filter(({ name }) => attacks.includes(name));
  const options = {
    seed,
    attacks: wanted,
    shares,
    honest: HONEST,
    settledEpochs: SETTLED_EPOCHS,
    attackEpochs: ATTACK_EPOCHS,
  };
  for (const scores of runSeed(options, () => [new HeliumNetwork()])) tell({ scores });
  tell({ done: true });
});
