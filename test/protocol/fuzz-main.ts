import { parseArgs } from 'node:util';
import { runHostileBytes } from './hostile-bytes.ts';

const HELP = `npm run fuzz:protocol -- [--inputs N] [--seed S]

Feeds N (default 1,000,000) random and mutated byte strings to every decoder of the wire format.
Exit 0: every one was accepted or refused with a typed reason. Exit 1: the counterexample and its seed.`;

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  console.log(HELP);
} else {
  const started = process.hrtime.bigint();
  const { inputs, heapGrowthMiB } = runHostileBytes(Number(values.inputs), Number(values.seed));
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  console.log(
    `${inputs} hostile inputs in ${seconds.toFixed(1)} s, heap grew by ${heapGrowthMiB.toFixed(1)} MiB: none escaped`,
  );
}
