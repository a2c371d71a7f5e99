import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parent-watch-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** A parent that starts one watching child in the given way. The child prints its process id when it watches. */
const parentScript = (how: 'fork' | 'spawn'): string => `
  import { ${how} } from 'node:child_process';
  ${how === 'fork' ? 'fork(process.argv[2])' : "spawn(process.execPath, [process.argv[2]], { stdio: 'inherit' })"};
  setInterval(() => {}, 1000);
`;

const childScript = `
  import { watchParent } from ${JSON.stringify(new URL('../dist/parent-watch.js', import.meta.url).href)};
  setInterval(() => {}, 1000);
  watchParent(() => process.exit(0));
  console.log(process.pid);
`;

describe.each(['fork', 'spawn'] as const)('a child started by %s', (how) => {
  it('ends when its parent is killed', { timeout: 20_000 }, async () => {
    const [parentFile, childFile] = [join(folder, 'parent.mjs'), join(folder, 'child.mjs')];
    await writeFile(parentFile, parentScript(how));
    await writeFile(childFile, childScript);
    const parent = spawn(process.execPath, [parentFile, childFile], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const childPid = Number(line.toString());
    expect(isAlive(childPid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isAlive(childPid), { timeout: 15_000 }).toBe(false);
  });
});

it('stops watching when told', async () => {
  const file = join(folder, 'child.mjs');
  await writeFile(
    file,
    `import { watchParent } from ${JSON.stringify(new URL('../dist/parent-watch.js', import.meta.url).href)};
     watchParent(() => process.exit(7))();
     process.on('disconnect', () => process.exit(0));
     process.send('ready');`,
  );
  const child = fork(file);
  await once(child, 'message');
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
});
