import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const WORKSPACE = fileURLToPath(new URL('../../', import.meta.url));
/** Forge has a lockfile of its own: its 82 MB are only for those who test the contracts. */
const FORGE_FOLDER = join(WORKSPACE, 'forge');
const LCOV_FILE = fileURLToPath(new URL('../../../.cache/forge/lcov.info', import.meta.url));

/** Full counts of randomised tests; a run that is not full does a tenth. */
const FULL = { fuzzRuns: 1000, invariantRuns: 60, invariantDepth: 100 } as const;

export interface Counts {
  readonly fuzzRuns: number;
  readonly invariantRuns: number;
}

export const countsOf = (full: boolean): Counts => {
  const share = full ? 1 : 10;
  return { fuzzRuns: FULL.fuzzRuns / share, invariantRuns: FULL.invariantRuns / share };
};

/** Forge is not installed and cannot be, or it says no; the message says what to do. */
export class ForgeError extends Error {
  override readonly name = 'ForgeError';
}

function binaryPath(): string {
  const cpu = process.arch === 'x64' ? 'amd64' : process.arch;
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return join(FORGE_FOLDER, 'node_modules/@foundry-rs', `forge-${process.platform}-${cpu}`, 'bin', `forge${suffix}`);
}

function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal === null ? 0 : 1)));
  });
}

/** Installs the pinned forge when it is not there yet; its lockfile says which bytes. Throws ForgeError. */
async function ensureForge(env: NodeJS.ProcessEnv): Promise<string> {
  const path = binaryPath();
  if (existsSync(path)) return path;
  const code = await run(
    'npm',
    ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'],
    FORGE_FOLDER,
    env,
  );
  if (code === 0 && existsSync(path)) return path;
  throw new ForgeError(
    `Forge could not be installed for ${process.platform} on ${process.arch}: run \`npm install\` in ${FORGE_FOLDER}.`,
  );
}

/** Runs forge on the contracts with npm's compiler and npm's OpenZeppelin; comes back with its exit code. */
export async function runForge(
  args: readonly string[],
  counts: Counts,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const binary = await ensureForge(environment);
  const openZeppelin = dirname(createRequire(import.meta.url).resolve('@openzeppelin/contracts/package.json'));
  const env = {
    ...environment,
    // Absolute: forge loses relative imports of a folder above its root.
    FOUNDRY_REMAPPINGS: `@openzeppelin/contracts/=${openZeppelin}/`,
    FOUNDRY_FUZZ_RUNS: String(counts.fuzzRuns),
    FOUNDRY_INVARIANT_RUNS: String(counts.invariantRuns),
    FOUNDRY_INVARIANT_DEPTH: String(FULL.invariantDepth),
    FOUNDRY_DISABLE_NIGHTLY_WARNING: '1',
  };
  return run(binary, args, WORKSPACE, env);
}

export interface Coverage {
  readonly linesFound: number;
  readonly linesHit: number;
  readonly branchesFound: number;
  readonly branchesHit: number;
}

/** Runs the tests with coverage and prints forge's table. Undefined when a test failed. */
export async function measureCoverage(counts: Counts, environment: NodeJS.ProcessEnv): Promise<Coverage | undefined> {
  mkdirSync(dirname(LCOV_FILE), { recursive: true });
  const report = [
    '--report',
    'summary',
    '--report',
    'lcov',
    '--report-file',
    LCOV_FILE,
    '--exclude-tests',
    '--no-match-coverage',
    'node_modules',
  ];
  const code = await runForge(['coverage', ...report], counts, environment);
  return code === 0 ? parseLcov(readFileSync(LCOV_FILE, 'utf8')) : undefined;
}

/** Sums of an lcov file over all of its sources. */
function parseLcov(text: string): Coverage {
  const sum = (tag: string): number =>
    [...text.matchAll(new RegExp(`^${tag}:(\\d+)$`, 'gm'))].reduce((total, match) => total + Number(match[1]), 0);
  return { linesFound: sum('LF'), linesHit: sum('LH'), branchesFound: sum('BRF'), branchesHit: sum('BRH') };
}
