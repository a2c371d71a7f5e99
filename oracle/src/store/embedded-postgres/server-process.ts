import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, StoreError } from '../store-error.ts';
import { clusterDirectory } from './cluster.ts';
import { postmasterFile, readPostmaster } from './postmaster-file.ts';
import { findLiveProcess, sendSignal } from './process-identity.ts';
import { commandFor, switchTo } from './run-program.ts';
import { askDataDirectory, type ServerAddress } from './server-address.ts';
import type { ServerRuntime } from './server-runtime.ts';

/** A running server of our cluster, started by this process or adopted from a dead one. */
export interface ServerProcess {
  readonly pid: number;
  readonly adopted: boolean;
}

const POLL_MS = 25;
const LARGEST_LOG_BYTES = 4 * 1024 * 1024;

/**
 * The server that already runs on this cluster and answers; undefined when none runs (a stale lock file is removed). One that
 * is on its way up or down is waited for.
 */
export async function adoptServer(
  runtime: ServerRuntime,
  address: ServerAddress,
  waitMs: number,
): Promise<ServerProcess | 'locked_out' | undefined> {
  const cluster = clusterDirectory(runtime.home);
  const deadline = performance.now() + waitMs;
  for (;;) {
    const postmaster = readPostmaster(cluster);
    if (postmaster.kind === 'none') return undefined;
    if (postmaster.kind === 'stale') {
      rmSync(postmasterFile(cluster), { force: true });
      return undefined;
    }
    const answer = await askDataDirectory(address);
    if (answer === 'locked_out') return answer;
    if (answer !== 'no_answer' && answer.directory === cluster) return { pid: postmaster.pid, adopted: true };
    if (performance.now() > deadline) throw notOurs(cluster, postmaster.pid);
    await delay(POLL_MS);
  }
}

function notOurs(cluster: string, pid: number): StoreError {
  return new StoreError(
    'server_not_started',
    `PostgreSQL process ${pid} runs on ${cluster} but does not answer. Stop it (kill -INT ${pid}) and start again.`,
    { cluster, pid },
  );
}

/**
 * Starts the server in a process group of its own (Ctrl-C in a terminal must reach the oracle first, which then stops it in
 * order) and waits until it answers. A server that leaves at once because remains of its killed predecessor are still
 * going away is started again, for at most ten seconds.
 */
export async function startServer(
  runtime: ServerRuntime,
  address: ServerAddress,
  logFile: string,
): Promise<ServerProcess> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    rotateLog(logFile);
    const logStart = existsSync(logFile) ? statSync(logFile).size : 0;
    const child = spawnServer(runtime, address, logFile);
    const failure = await waitUntilReady(child, runtime, address);
    if (failure === undefined && child.pid !== undefined) return { pid: child.pid, adopted: false };
    const said = lastLines(logFile, logStart);
    if (!/lock file|shared memory block/.test(said) || performance.now() > deadline) {
      throw notStarted(runtime, failure ?? '', said);
    }
    await delay(200);
  }
}

function spawnServer(runtime: ServerRuntime, address: ServerAddress, logFile: string): ChildProcess {
  const { command, args } = commandFor(
    runtime.identity,
    join(runtime.binDirectory, 'postgres'),
    serverArguments(runtime, address),
  );
  const log = openSync(logFile, 'a', 0o600);
  try {
    const child = spawn(command, args, {
      detached: true,
      cwd: '/',
      env: runtime.environment,
      stdio: ['ignore', log, log],
      ...switchTo(runtime.identity),
    });
    child.on('error', () => undefined);
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

/** Settings travel on the command line, so that an older cluster gets a newer program's settings. Sizes suit one small machine. */
function serverArguments(runtime: ServerRuntime, address: ServerAddress): string[] {
  const settings = {
    listen_addresses: '',
    // A list: quotes keep a folder with a comma or a blank in its name in one piece.
    unix_socket_directories: `"${address.host.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    port: String(address.port),
    max_connections: '50',
    shared_buffers: '64MB',
    max_wal_size: '256MB',
    min_wal_size: '64MB',
    wal_level: 'minimal',
    max_wal_senders: '0',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_min_messages: 'warning',
    log_checkpoints: 'off',
    ...(runtime.major >= 18 ? { io_method: 'sync' } : {}),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', clusterDirectory(runtime.home), ...flags];
}

async function waitUntilReady(
  child: ChildProcess,
  runtime: ServerRuntime,
  address: ServerAddress,
): Promise<string | undefined> {
  const deadline = performance.now() + 60_000;
  let exit: string | undefined;
  child.once('error', (error) => {
    exit = messageOf(error);
  });
  child.once('exit', (code, signal) => {
    exit = `it ended with ${code ?? signal}`;
  });
  const cluster = clusterDirectory(runtime.home);
  while (performance.now() < deadline) {
    await delay(POLL_MS);
    if (exit !== undefined) return exit;
    const answer = await askDataDirectory(address);
    if (answer === 'locked_out') {
      child.kill('SIGQUIT');
      return 'it does not take the password in the password file';
    }
    if (answer !== 'no_answer' && answer.directory === cluster) return undefined;
  }
  child.kill('SIGQUIT');
  return 'it did not answer within 60 s';
}

/** Fast shutdown; after `patienceMs` immediate shutdown (the next start recovers), then a kill. Returns when it is gone. */
export async function stopServer(server: ServerProcess, patienceMs: number): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGINT', patienceMs],
    ['SIGQUIT', 2_000],
    ['SIGKILL', 2_000],
  ] as const) {
    if (!sendSignal(server.pid, signal)) return;
    const deadline = performance.now() + waitMs;
    while (performance.now() < deadline) {
      if (findLiveProcess(server.pid) === undefined) return;
      await delay(POLL_MS);
    }
  }
}

function rotateLog(logFile: string): void {
  if (existsSync(logFile) && statSync(logFile).size > LARGEST_LOG_BYTES) renameSync(logFile, `${logFile}.1`);
}

function lastLines(logFile: string, from: number): string {
  const bytes = readFileSync(logFile);
  return bytes.subarray(from).toString('utf8').trim().split('\n').slice(-6).join('\n');
}

function notStarted(runtime: ServerRuntime, failure: string, said: string): StoreError {
  const cluster = clusterDirectory(runtime.home);
  return new StoreError(
    'server_not_started',
    `PostgreSQL ${runtime.version} did not start on ${cluster} (${failure}): ${said} It only holds a copy of what is in the log: delete ${cluster} and start again to have it rebuilt, or set DATABASE_URL.`,
    { cluster },
  );
}
