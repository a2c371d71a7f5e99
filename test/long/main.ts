import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FAULT_KINDS, type FaultKind, sumFaults } from '../support/faults.ts';

const HELP = `npm run test:long [-- arguments for vitest]

All tests with their full counts, then a million hostile inputs to the wire format. Says how many processes were killed and
how many disks lost what was not synced, and fails when they were fewer than promised (given no arguments).`;

/** The least a whole run has to do. */
const PROMISED: Readonly<Record<FaultKind, number>> = { sigkill: 40, power_loss: 200 };
const WORDS: Readonly<Record<FaultKind, string>> = {
  sigkill: 'processes killed with SIGKILL',
  power_loss: 'losses of unsynced bytes',
};

const root = fileURLToPath(new URL('../../../', import.meta.url));

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): boolean {
  const options = { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } } as const;
  return spawnSync(process.execPath, args, options).status === 0;
}

function main(args: readonly string[]): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'sextant-long-'));
  const faultsFile = join(folder, 'faults');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  try {
    const testsPassed = run([vitest, 'run', ...args], { SEXTANT_FULL: '1', SEXTANT_FAULTS_FILE: faultsFile });
    const fuzzPassed = run(['--expose-gc', join(root, 'test/dist/protocol/fuzz-main.js')]);
    const faults = sumFaults(faultsFile);
    for (const kind of FAULT_KINDS) console.log(`${WORDS[kind]}: ${faults[kind]} (at least ${PROMISED[kind]})`);
    const isEnough = args.length > 0 || FAULT_KINDS.every((kind) => faults[kind] >= PROMISED[kind]);
    return testsPassed && fuzzPassed && isEnough;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const args = process.argv.slice(2);
if (args.includes('--help')) console.log(HELP);
else process.exitCode = main(args) ? 0 : 1;
