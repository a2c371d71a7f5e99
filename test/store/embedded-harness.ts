import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { EmbeddedPostgresInfo, EmbeddedPostgresOptions, StoreErrorCode } from '@sextant/oracle/store';
import pg from 'pg';

export interface Address {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

export interface Child {
  readonly process: ChildProcess;
  readonly info?: EmbeddedPostgresInfo;
  readonly address?: Address;
  readonly code?: StoreErrorCode;
  readonly facts?: Readonly<Record<string, string | number>>;
}

export const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

/** The built child: a process of its own cannot run TypeScript. */
const CHILD = fileURLToPath(new URL('../dist/store/embedded-child.js', import.meta.url));

/** Starts the holder process and waits for its one line. */
export async function startChild(
  options: Partial<EmbeddedPostgresOptions>,
  wrapper: readonly string[] = [],
): Promise<Child> {
  const [command, ...args] = [...wrapper, process.execPath, CHILD, JSON.stringify(options)];
  const child = spawn(command ?? '', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => ['{}'])])) as [string];
  return { process: child, ...(JSON.parse(line) as object) };
}

export async function stopChild(child: Child, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.process.exitCode !== null || child.process.signalCode !== null) return;
  const gone = once(child.process, 'exit');
  child.process.kill(signal);
  await gone;
}

/**
 * How to run a process as an ordinary user: really as nobody where nobody can read this checkout, else (a checkout below a
 * 0700 home) in a user namespace. Undefined where neither works.
 */
export function asNormalUser(): readonly string[] | undefined {
  const wrappers = [
    ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'],
    ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`],
  ];
  return wrappers.find(
    ([command = '', ...args]) =>
      spawnSync(command, [...args, process.execPath, '-e', `fs.accessSync(${JSON.stringify(CHILD)})`]).status === 0,
  );
}

/** A new folder, mode 0700, with a name that needs care, removed by `cleanFolders`. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sextant "my" data, '));
  folders.push(folder);
  return folder;
}

export function giveToNobody(folder: string): void {
  chownSync(folder, NOBODY, NOBODY);
}

const folders: string[] = [];

export function cleanFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export async function query(address: Address, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ ...address, database: 'postgres' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

export async function until(condition: () => boolean, withinMs = 20_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('the condition did not come true in time');
    await delay(20);
  }
}

/** A zombie that nobody has collected yet does not run. */
export function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}
