import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EMBEDDED_POSTGRES_DEFAULTS, startEmbeddedPostgres } from '@sextant/oracle/store';
import { pino } from 'pino';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import {
  asNormalUser,
  type Child,
  cleanFolders,
  giveToNobody,
  isRoot,
  isRunning,
  makeFolder,
  query,
  startChild,
  stopChild,
  until,
} from './embedded-harness.ts';

const children: Child[] = [];
async function start(...args: Parameters<typeof startChild>): Promise<Child> {
  const child = await startChild(...args);
  children.push(child);
  return child;
}
function running(child: Child): { pid: number; address: NonNullable<Child['address']> } {
  if (child.info === undefined || child.address === undefined)
    throw new Error(`not started: ${JSON.stringify(child.code)}`);
  return { pid: child.info.pid, address: child.address };
}

afterEach(async () => {
  for (const child of children.splice(0)) {
    await stopChild(child);
    if (child.info !== undefined && isRunning(child.info.pid)) process.kill(child.info.pid, 'SIGKILL');
  }
});
afterAll(cleanFolders);

const KEEP = 'CREATE TABLE IF NOT EXISTS kept AS SELECT 7 AS seven';

/** One cluster serves all tests that do not need a fresh one. */
const shared = makeFolder();

describe('a fresh start', () => {
  test('works as this user below a 0700 folder, keeps its data there and writes nothing into the package', async () => {
    const before = packageListing();
    const child = await start({ dataDirectory: shared });
    const { address } = running(child);
    const folder = join(shared, 'postgres');
    expect(child.info?.cluster).toBe(join(folder, 'cluster'));
    expect(child.info?.runsAs).toBe(isRoot ? 'user_namespace' : 'self');
    expect(await query(address, 'SHOW server_encoding')).toEqual([{ server_encoding: 'UTF8' }]);
    expect(statSync(join(folder, 'password')).mode & 0o777).toBe(0o600);
    expect(await query(address, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '' }]);
    await expect(query({ ...address, password: 'guess' }, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect(
      await query(address, 'SELECT rolpassword ~ $$^SCRAM-SHA-256$$ AS scram FROM pg_authid WHERE rolcanlogin'),
    ).toEqual([{ scram: true }]);
    expect(packageListing()).toEqual(before);
  });

  test('leaves nothing half-made when an earlier one was killed while it created the cluster', async () => {
    const folder = join(shared, 'postgres');
    writeFileSync(join(folder, 'password.new'), 'left behind');
    const child = await start({ dataDirectory: shared });
    expect(child.info?.adopted).toBe(false);
  });

  test.runIf(isRoot)('works as a normal user', async (context) => {
    const wrapper = asNormalUser();
    if (wrapper === undefined) return context.skip('neither setpriv nor unshare works here');
    const folder = makeFolder();
    if (wrapper[0] === 'setpriv') giveToNobody(folder);
    const child = await start({ dataDirectory: folder }, wrapper);
    expect(child.info?.runsAs).toBe('self');
    expect(await query(running(child).address, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test.runIf(isRoot)(
    'as root without user namespaces runs as nobody, outside, and survives a second start',
    async () => {
      const folder = makeFolder();
      const outsideDirectory = join('/var/tmp', `sextant-test-${process.pid}`);
      const options = { dataDirectory: folder, unshare: '/nonexistent', outsideDirectory };
      try {
        const first = await start(options);
        expect(first.info?.runsAs).toBe('nobody');
        expect(first.info?.cluster.startsWith(outsideDirectory)).toBe(true);
        expect(statSync(outsideDirectory).mode & 0o777).toBe(0o711);
        expect(readFileSync(`/proc/${running(first).pid}/status`, 'utf8')).toMatch(/^Uid:\t65534/m);
        await query(running(first).address, KEEP);
        await stopChild(first);
        const second = await start(options);
        expect(await query(running(second).address, 'SELECT * FROM kept')).toEqual([{ seven: 7 }]);
        await stopChild(second);
      } finally {
        rmSync(outsideDirectory, { recursive: true, force: true });
      }
    },
  );

  test('uses an installed PostgreSQL, in a folder too deep for a socket, and makes a foreign version anew', async (context) => {
    if (!existsSync('/usr/lib/postgresql')) return context.skip('no PostgreSQL is installed here');
    const folder = join(makeFolder(), 'deep'.repeat(20));
    const installed = await start({ dataDirectory: folder, sources: ['system'] });
    expect(installed.info?.source).toBe('system');
    await stopChild(installed);
    const npm = await start({ dataDirectory: folder, sources: ['npm'] });
    expect(npm.info?.version).toMatch(/^18\./);
    expect(await query(running(npm).address, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('without any binaries says so', async () => {
    const child = await start({ dataDirectory: makeFolder(), sources: [] });
    expect(child.code).toBe('no_postgres_binaries');
  });
});

describe('one folder, several processes', () => {
  test('a second start is refused with the pid of the first oracle', async () => {
    const first = await start({ dataDirectory: shared });
    const second = await start({ dataDirectory: shared });
    expect(second.code).toBe('folder_in_use');
    expect(second.facts?.['pid']).toBe(first.process.pid);
    expect(await query(running(first).address, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('of several starts at once on the folder of a killed one exactly one gets it', async () => {
    const options = { dataDirectory: shared, orphanGraceSeconds: 60 };
    await stopChild(await start(options), 'SIGKILL');
    const racers = await Promise.all(Array.from({ length: 5 }, () => start(options)));
    const winners = racers.filter((child) => child.info !== undefined);
    expect(winners).toHaveLength(1);
    expect(winners[0]?.info?.adopted).toBe(true);
    for (const loser of racers) if (loser !== winners[0]) expect(loser.code).toBe('folder_in_use');
  });

  test('the server is in a process group of its own', async () => {
    const { pid } = running(await start({ dataDirectory: shared }));
    expect(Number(execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }))).toBe(pid);
  });

  test('after SIGKILL the next start adopts the running server, and the old watchdog does not stop it', async () => {
    const first = await start({ dataDirectory: shared, orphanGraceSeconds: 60 });
    await query(running(first).address, KEEP);
    await stopChild(first, 'SIGKILL');
    const second = await start({ dataDirectory: shared, orphanGraceSeconds: 60 });
    expect(second.info).toMatchObject({ adopted: true, pid: running(first).pid });
    const watchdogs = (): number =>
      execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => line.includes('sextant-database-watchdog') && line.includes(shared)).length;
    expect(watchdogs()).toBe(1);
    expect(await query(running(second).address, 'SELECT * FROM kept')).toEqual([{ seven: 7 }]);
  });

  test('after SIGKILL, when nobody comes, the server stops by itself and the next start is clean', async () => {
    const first = await start({ dataDirectory: shared, orphanGraceSeconds: 1 });
    const { pid } = running(first);
    await query(running(first).address, KEEP);
    await stopChild(first, 'SIGKILL');
    expect(isRunning(pid)).toBe(true);
    await until(() => !isRunning(pid));
    const second = await start({ dataDirectory: shared });
    expect(second.info?.adopted).toBe(false);
    expect(await query(running(second).address, 'SELECT * FROM kept')).toEqual([{ seven: 7 }]);
  });

  test('a lock file of a dead process, or of an unrelated living one, is no obstacle', async () => {
    const file = join(shared, 'postgres', 'cluster', 'postmaster.pid');
    for (const pid of [process.pid, 4_000_000]) {
      writeFileSync(file, `${pid}\n${dirname(file)}\n1700000000\n5432\n/tmp\n\n\nready\n`, { mode: 0o600 });
      const child = await start({ dataDirectory: shared });
      expect(child.info?.adopted).toBe(false);
      await stopChild(child);
    }
  });
});

describe('a server that goes away while it is in use', () => {
  const modules = { logger: pino({ level: 'silent' }) };

  test('killed: it is started again with its data', async () => {
    const server = await startEmbeddedPostgres({ ...EMBEDDED_POSTGRES_DEFAULTS, dataDirectory: shared }, modules);
    try {
      expect(await server.ensureRunning()).toBe(false);
      const { pid } = server.info();
      await query(server.address(), KEEP);
      process.kill(pid, 'SIGKILL');
      await until(() => !isRunning(pid));
      const both = await Promise.all([server.ensureRunning(), server.ensureRunning()]);
      expect(both).toEqual([true, true]);
      expect(server.info().pid).not.toBe(pid);
      expect(await query(server.address(), 'SELECT * FROM kept')).toEqual([{ seven: 7 }]);
    } finally {
      await server.stop();
    }
  });

  test('its folder deleted: it is made anew, with the folder still ours', async () => {
    const server = await startEmbeddedPostgres({ ...EMBEDDED_POSTGRES_DEFAULTS, dataDirectory: shared }, modules);
    try {
      rmSync(join(shared, 'postgres'), { recursive: true, force: true });
      expect(await server.ensureRunning()).toBe(true);
      expect(await query(server.address(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      const second = await start({ dataDirectory: shared });
      expect(second).toMatchObject({ code: 'folder_in_use', facts: { pid: process.pid } });
    } finally {
      await server.stop();
    }
  });
});

/** Names, sizes and kinds of everything in the npm package's library folder. */
function packageListing(): string[] {
  const require = createRequire(new URL('../../oracle/package.json', import.meta.url));
  const library = join(
    dirname(dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`))),
    'native',
    'lib',
  );
  return readdirSync(library).map((name) => {
    const { size, mode, mtimeMs } = lstatSync(join(library, name));
    return `${name} ${size} ${mode} ${mtimeMs}`;
  });
}
