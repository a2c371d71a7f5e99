import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { messageOf, StoreError } from '../store-error.ts';
import { makeLibraryLinks } from './library-links.ts';
import { type BinarySource, findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { AS_NOBODY, AS_SELF, type Identity, inUserNamespace, runProgram, serverEnvironment } from './run-program.ts';

/** A server that was seen to run here: which one, as whom, and where its files lie. */
export interface ServerRuntime {
  readonly source: BinarySource;
  readonly binDirectory: string;
  /** e.g. `18.4`. */
  readonly version: string;
  readonly major: number;
  readonly identity: Identity;
  readonly environment: Record<string, string>;
  /** Holds `cluster/` and `socket/`: the data folder's own, or one outside when the server runs as nobody. */
  readonly home: string;
  /** Folder of the unix socket; its path is short enough for every system. */
  readonly socketDirectory: string;
}

export interface RuntimeOptions {
  /** `<data folder>/postgres`. */
  readonly folder: string;
  /** Where root keeps what runs as nobody. */
  readonly outsideDirectory: string;
  readonly sources: readonly BinarySource[];
  /** Name or path of unshare(1). */
  readonly unshare: string;
}

/** PostgreSQL before 13 lacks what the schema uses, and is no longer maintained. */
const OLDEST_MAJOR = 13;

/**
 * Finds a server that runs, by running it. As root the data folder stays where it is when a user namespace can be made (tried
 * in place, so that a 0700 home is no surprise later); else binaries and cluster go outside. Throws with the next step.
 */
export async function chooseRuntime(options: RuntimeOptions): Promise<ServerRuntime> {
  const candidates = findPostgresBinaries(options.sources);
  const failures: string[] = [];
  for (const identity of identitiesToTry(options.unshare)) {
    for (const binaries of candidates) {
      try {
        return await tryRuntime(options, binaries, identity);
      } catch (error) {
        failures.push(`${binaries.binDirectory} (${identity.kind}): ${messageOf(error)}`);
      }
    }
  }
  throw noServer(candidates.length, failures);
}

function identitiesToTry(unshare: string): Identity[] {
  if (process.getuid?.() === 0) return [inUserNamespace(unshare), AS_NOBODY];
  return hasAccount() ? [AS_SELF] : [inUserNamespace(unshare), AS_SELF];
}

/** A container may run us under a number that no account has; initdb then refuses. */
function hasAccount(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

async function tryRuntime(
  options: RuntimeOptions,
  binaries: PostgresBinaries,
  identity: Identity,
): Promise<ServerRuntime> {
  const outside = identity.kind === 'nobody';
  const home = outside ? makeOutsideHome(options) : options.folder;
  const { binDirectory, nativeDirectory } =
    outside && binaries.nativeDirectory !== undefined ? copyBinaries(binaries.nativeDirectory, home) : binaries;
  const libraryPath = nativeDirectory === undefined ? undefined : makeLibraryLinks(nativeDirectory, join(home, 'lib'));
  const environment = serverEnvironment(libraryPath);
  if (identity.kind === 'user_namespace') await probeNamespace(identity, home, environment);
  const { ok, output } = await runProgram(identity, join(binDirectory, 'postgres'), ['--version'], environment);
  const match = /\) (\d+)([.\w]*)/.exec(output);
  if (!ok || match === null) throw new Error(output);
  const major = Number(match[1]);
  if (major < OLDEST_MAJOR) throw new Error(`version ${major} is older than ${OLDEST_MAJOR}`);
  const version = `${match[1]}${match[2]}`;
  const socketDirectory = makeSocketDirectory(home, identity);
  return { source: binaries.source, binDirectory, version, major, identity, environment, home, socketDirectory };
}

/** Inside the namespace the folder must be ours and writable, or initdb fails half-way. */
async function probeNamespace(identity: Identity, home: string, environment: Record<string, string>): Promise<void> {
  const script = 'test "$(id -u)" = 65534 && test -O "$1" && test -w "$1"';
  const { ok, output } = await runProgram(identity, 'sh', ['-c', script, 'sh', home], environment);
  if (!ok) throw new Error(`no user namespace: ${output}`);
}

/** 0711 all the way: the server can reach its own folder, nobody can list the others. */
function makeOutsideHome(options: RuntimeOptions): string {
  const home = join(options.outsideDirectory, shortHash(options.folder));
  mkdirSync(options.outsideDirectory, { recursive: true, mode: 0o711 });
  mkdirSync(home, { recursive: true });
  for (const directory of [options.outsideDirectory, home]) {
    if (lstatSync(directory).uid !== process.getuid?.()) throw new Error(`${directory} belongs to somebody else`);
    chmodSync(directory, 0o711);
  }
  return home;
}

/** Copied once a version: a server that still runs from the copy keeps its files. */
function copyBinaries(nativeDirectory: string, home: string): { binDirectory: string; nativeDirectory: string } {
  const copy = join(home, `native-${packageVersion(nativeDirectory)}`);
  if (!existsSync(copy)) {
    const draft = `${copy}.${process.pid}`;
    rmSync(draft, { recursive: true, force: true });
    cpSync(nativeDirectory, draft, { recursive: true, dereference: true });
    renameSync(draft, copy);
  }
  return { binDirectory: join(copy, 'bin'), nativeDirectory: copy };
}

function packageVersion(nativeDirectory: string): string {
  const parsed: unknown = JSON.parse(readFileSync(join(nativeDirectory, '..', 'package.json'), 'utf8'));
  const version = (parsed as { version?: unknown }).version;
  return typeof version === 'string' && /^[\w.+-]+$/.test(version) ? version : 'unknown';
}

/** A socket's path has at most 104 bytes on macOS, 108 on Linux; a deep data folder is answered with one in the temp folder. */
const LONGEST_SOCKET_DIRECTORY = 85;

function makeSocketDirectory(home: string, identity: Identity): string {
  const inside = join(home, 'socket');
  const directory =
    Buffer.byteLength(inside) <= LONGEST_SOCKET_DIRECTORY ? inside : join(tmpdir(), `sextant-${shortHash(home)}`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const owner = identity.uid ?? process.getuid?.() ?? 0;
  const { uid } = lstatSync(directory);
  if (uid !== owner && uid !== process.getuid?.()) throw new Error(`${directory} belongs to somebody else`);
  chmodSync(directory, 0o700);
  if (identity.uid !== undefined && identity.gid !== undefined) chownSync(directory, identity.uid, identity.gid);
  return directory;
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

function noServer(candidates: number, failures: readonly string[]): StoreError {
  const platform = `${process.platform}-${process.arch}`;
  const next =
    'Install PostgreSQL 13 or newer (its files are found by themselves), or run one anywhere and set DATABASE_URL=postgresql://user:password@host:5432/name.';
  if (candidates === 0) {
    return new StoreError('no_postgres_binaries', `There is no PostgreSQL here for ${platform}. ${next}`, { platform });
  }
  const code = process.getuid?.() === 0 ? 'cannot_run_as_root' : 'no_postgres_binaries';
  const hint =
    code === 'cannot_run_as_root' ? ' PostgreSQL does not run as root; starting as a normal user helps too.' : '';
  return new StoreError(code, `No PostgreSQL runs here (tried: ${failures.join('; ')}). ${next}${hint}`, { platform });
}
