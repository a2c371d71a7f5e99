import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../store-error.ts';
import { runProgram } from './run-program.ts';
import type { ServerRuntime } from './server-runtime.ts';

/** The one role of a private cluster, and the name of its database. */
export const CLUSTER_NAME = 'sextant';

export const clusterDirectory = (home: string): string => join(home, 'cluster');

/** Major version of the cluster that is there; undefined when there is none. */
export function clusterMajor(home: string): number | undefined {
  const file = join(clusterDirectory(home), 'PG_VERSION');
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
}

/** The password in `<folder>/password` (mode 0600); undefined when there is none. */
export function readPassword(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'password'), 'utf8').trim();
  } catch {
    return undefined;
  }
}

/**
 * Makes a new cluster with a new password, in place of whatever was there. It appears under its name only when it is complete,
 * so that a kill during the second it takes leaves nothing half-made.
 */
export async function createCluster(runtime: ServerRuntime, folder: string): Promise<void> {
  const { home, identity } = runtime;
  const draft = join(home, 'cluster.new');
  const secretFile = join(home, 'password.new');
  const password = randomBytes(24).toString('base64url');
  rmSync(draft, { recursive: true, force: true });
  rmSync(clusterDirectory(home), { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  rmSync(secretFile, { force: true });
  writeFileSync(secretFile, password, { mode: 0o600, flag: 'wx' });
  if (identity.uid !== undefined && identity.gid !== undefined) {
    for (const path of [draft, secretFile]) chownSync(path, identity.uid, identity.gid);
  }
  const { ok, output } = await runProgram(
    identity,
    join(runtime.binDirectory, 'initdb'),
    [
      `--pgdata=${draft}`,
      `--username=${CLUSTER_NAME}`,
      `--pwfile=${secretFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
    ],
    runtime.environment,
  );
  rmSync(secretFile, { force: true });
  if (!ok) throw notCreated(home, output);
  writeFileSync(join(folder, 'password'), `${password}\n`, { mode: 0o600 });
  renameSync(draft, clusterDirectory(home));
}

function notCreated(home: string, output: string): StoreError {
  const last = output.split('\n').slice(-4).join(' ');
  return new StoreError(
    'cluster_not_created',
    `The database could not be created in ${home}: ${last} Check that the disk has 200 MB free and the folder is yours, or set DATABASE_URL.`,
    { home },
  );
}
