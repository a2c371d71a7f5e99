import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderLock } from './folder-lock.ts';
import { nodeFileSystem } from './node-file-system.ts';
import { nodeProcessTable, type ProcessTable } from './process-table.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sextant-lock-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const acquire = (processes: ProcessTable = nodeProcessTable) =>
  FolderLock.acquire(directory, { fileSystem: nodeFileSystem, processes, logger: pino({ level: 'silent' }) });

/** What a process with this pid wrote. */
function lockBy(pid: number, identity: string): void {
  writeFileSync(join(directory, 'lock'), JSON.stringify({ pid, identity }));
}

describe('a folder lock', () => {
  it('keeps a second opener out and names the pid', async () => {
    const lock = await acquire();
    await expect(acquire()).rejects.toMatchObject({ code: 'ledger_locked', facts: { pid: process.pid } });
    await lock.release();
    await (await acquire()).release();
  });

  it('keeps others out while another process lives, and is taken over when it is dead', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    const { pid } = child;
    if (pid === undefined) throw new Error('no pid');
    lockBy(pid, nodeProcessTable.identify(pid) ?? 'none');
    await expect(acquire()).rejects.toMatchObject({ code: 'ledger_locked', facts: { pid } });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await (await acquire()).release();
  });

  it('is taken over from a process whose pid was given to another', async () => {
    lockBy(process.pid, 'an earlier boot');
    const lock = await acquire();
    await lock.assertHeld();
    await lock.release();
  });

  it('is taken over when a power loss left it empty or half written', async () => {
    for (const rest of ['', '{"pid":', '[]', 'null', '{"pid":"1","identity":2}']) {
      writeFileSync(join(directory, 'lock'), rest);
      await (await acquire()).release();
    }
  });

  it('notices when another process took it', async () => {
    const lock = await acquire();
    lockBy(process.pid + 1, 'another');
    await expect(lock.assertHeld()).rejects.toMatchObject({ code: 'lock_lost' });
    await lock.release();
    expect(readFileSync(join(directory, 'lock'), 'utf8')).toContain('another');
  });
});

describe('the process table', () => {
  it('knows this process, and none that does not exist', () => {
    expect(nodeProcessTable.identify(process.pid)).toBe(nodeProcessTable.identify(process.pid));
    expect(nodeProcessTable.identify(process.pid)).toBeDefined();
    for (const pid of [0, -1, 0.5, Number.NaN, 2 ** 30]) expect(nodeProcessTable.identify(pid)).toBeUndefined();
  });
});
