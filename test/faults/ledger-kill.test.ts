import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeFileSystem, nodeProcessTable } from '@sextant/oracle/ledger';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { noteFaults } from '../support/faults.ts';
import { runs } from '../support/runs.ts';
import { isReceiptFor, openOn, readAll } from './ledger-harness.ts';
import { randomInt, seededRandom } from './seeded-random.ts';

const CHILD = fileURLToPath(new URL('../dist/faults/ledger-child.js', import.meta.url));
let directory: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sextant-kill-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

/** Runs the child until it has said so much, kills it, and returns the receipts it gave. */
async function runUntilKilled(lines: number): Promise<{ leafIndex: number; text: string }[]> {
  const running = spawn(process.execPath, [CHILD, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  child = running;
  const exited = once(running, 'exit');
  let output = '';
  running.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output.split('\n').length > lines) running.kill('SIGKILL');
  });
  await exited;
  const said = output.split('\n').slice(0, -1);
  expect(said[0]).toMatch(/^open \d+$/);
  return said.slice(1).map((line) => {
    const [leafIndex, text] = line.split(' ') as [string, string];
    return { leafIndex: Number(leafIndex), text };
  });
}

it(`loses nothing that was receipted when it is killed, ${runs(40)} times`, async () => {
  const random = seededRandom(1);
  const receipts: { leafIndex: number; text: string }[] = [];
  for (let kill = 0; kill < runs(40); kill++) {
    receipts.push(...(await runUntilKilled(1 + randomInt(random, 1_500))));
    const { ledger } = await openOn(nodeFileSystem, { directory }, { processes: nodeProcessTable });
    const entries = (await readAll(ledger)).map((entry) => Buffer.from(entry).toString());
    expect(new Set(entries).size).toBe(entries.length);
    expect(receipts.filter(({ leafIndex, text }) => entries[leafIndex] !== text)).toEqual([]);
    const at = randomInt(random, entries.length);
    if (entries.length > 0) expect(isReceiptFor(Buffer.from(entries[at] as string), await ledger.prove(at))).toBe(true);
    await ledger.close();
  }
  expect(receipts.length).toBeGreaterThan(runs(40));
  noteFaults('sigkill', runs(40));
}, 300_000);
