import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

/** Where this project's own contracts are; found from the sources and from the build alike. */
const CONTRACTS_FOLDER = fileURLToPath(new URL('../../contracts/', import.meta.url));

const TIMELOCK = '@openzeppelin/contracts/governance/TimelockController.sol';

/** What gets an artifact: its source file, by contract name. */
export const CONTRACTS = {
  CoverageToken: 'CoverageToken.sol',
  EmissionController: 'EmissionController.sol',
  HotspotRegistry: 'HotspotRegistry.sol',
  RewardDistributor: 'RewardDistributor.sol',
  TimelockController: TIMELOCK,
  ValidatorRegistry: 'ValidatorRegistry.sol',
} as const;

export type ContractName = keyof typeof CONTRACTS;

/** Deterministic: no hash of the metadata, which would differ with a comment or a path. */
export const COMPILER_SETTINGS = {
  optimizer: { enabled: true, runs: 1_000_000 },
  // OpenZeppelin 5.7 needs mcopy; every chain that has it is at least at Cancun.
  evmVersion: 'cancun',
  metadata: { bytecodeHash: 'none', appendCBOR: false },
} as const;

/** Our own sources and the timelock's, by the name that imports use. Everything else is found by `readImport`. */
export function readSources(): Record<string, { content: string }> {
  const names = readdirSync(CONTRACTS_FOLDER)
    .filter((name) => name.endsWith('.sol'))
    .toSorted();
  const own = names.map((name) => [name, { content: readFileSync(join(CONTRACTS_FOLDER, name), 'utf8') }] as const);
  return { ...Object.fromEntries(own), [TIMELOCK]: { content: readImport(TIMELOCK) } };
}

/** Source of an import from an npm package. Throws when the package is not installed. */
export function readImport(path: string): string {
  return readFileSync(require.resolve(path), 'utf8');
}

/** Changes with every source, version and setting that can change the bytecode: SHA-256, hex. */
export function hashSources(): string {
  const versionOf = (name: string): unknown =>
    JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8'), (key, value: unknown) =>
      key === '' || key === 'version' ? value : undefined,
    );
  const parts = [versionOf('solc'), versionOf('@openzeppelin/contracts'), COMPILER_SETTINGS, CONTRACTS, readSources()];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
