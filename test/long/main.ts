import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FAULT_KINDS, type FaultKind, sumFaults } from '../support/faults.ts';

const HELP = `npm run test:long [-- arguments for vitest]

Every test whose counts \`npm test\` cuts to about a tenth, with its full counts, then a million hostile inputs to the wire
format. Says how many processes were killed and how many disks lost what was not synced, and fails when they were fewer
than promised (given no arguments).`;

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

/** A test file that does more in a full run says so: by what it imports, or by naming the variable. */
const MORE_IN_FULL = /support\/runs\.ts|SEXTANT_FULL/;

/** Paths below the root of the test files that a full run makes longer. */
function findLongerTests(): string[] {
  const folders = ['test', 'oracle/src', 'contracts-client/src', 'firmware-bridge/src', 'coverage-map/src'];
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  const tests = files.filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'));
  return tests.filter((file) => MORE_IN_FULL.test(readFileSync(join(root, file), 'utf8')));
}

function main(args: readonly string[]): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'sextant-long-'));
  const faultsFile = join(folder, 'faults');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  try {
    const files = args.length > 0 ? args : findLongerTests();
    const testsPassed = run([vitest, 'run', ...files], { SEXTANT_FULL: '1', SEXTANT_FAULTS_FILE: faultsFile });
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
