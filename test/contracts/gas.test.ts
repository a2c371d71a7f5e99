import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const contractsClient = fileURLToPath(new URL('../../contracts-client/', import.meta.url));

it('gas is within its limits, and what the committed table says', { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sextant-gas-'));
  try {
    const measured = join(folder, 'gas.json');
    const script = join(contractsClient, 'dist/bench/main.js');
    const child = spawn(process.execPath, [script, '--json', measured], { stdio: ['ignore', 'ignore', 'inherit'] });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    const read = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'));
    expect(await read(measured)).toEqual(await read(join(contractsClient, 'docs/gas.json')));
  } finally {
    await rm(folder, { recursive: true });
  }
});
