import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inRepository, readRepositoryFile } from './repository.ts';

const NOT_OURS = new Set(['node_modules', 'dist', 'data', '.git', '.cache']);

function* findDocuments(folder: string): Generator<string> {
  for (const entry of readdirSync(inRepository(folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !NOT_OURS.has(entry.name)) yield* findDocuments(path);
    else if (entry.name.endsWith('.md')) yield path;
  }
}

function* findTests(folder: string): Generator<string> {
  for (const entry of readdirSync(inRepository(folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !NOT_OURS.has(entry.name)) yield* findTests(path);
    else if (/\.(?:test\.ts|sol)$/.test(entry.name)) yield path;
  }
}

const documents = [...findDocuments('.')].toSorted();
const workspaces = ['.', 'firmware-bridge', 'contracts-client', 'oracle', 'coverage-map', 'test'];
const scriptsOf = (workspace: string): string[] => {
  const { scripts = {} } = JSON.parse(readRepositoryFile(join(workspace, 'package.json'))) as { scripts?: object };
  return Object.keys(scripts);
};

describe.each(documents)('%s', (document) => {
  const text = readRepositoryFile(document);

  test('links to what is there', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link]) => link ?? '');
    expect(links.filter((link) => !existsSync(inRepository(join(dirname(document), link))))).toEqual([]);
  });

  test('names commands that exist', () => {
    const commands = [...text.matchAll(/npm run (?:-w ([\w-]+) )?([\w:-]+)(?: -w ([\w-]+))?/g)];
    const missing = commands.filter(
      ([, before, script = '', behind]) => !scriptsOf(before ?? behind ?? '.').includes(script),
    );
    expect(missing.map(([command]) => command)).toEqual([]);
  });
});

test('README.md tells of every command there is, and every part has its own', () => {
  const text = readRepositoryFile('README.md');
  const untold = workspaces.flatMap((workspace) =>
    scriptsOf(workspace)
      .map((script) => (script === 'start' || script === 'test' ? `npm ${script}` : `npm run ${script}`))
      .map((command) => (workspace === '.' ? command : `${command} -w ${workspace}`))
      .filter((command) => !text.includes(command)),
  );
  expect(untold).toEqual([]);
  for (const workspace of workspaces) expect(documents).toContain(join(workspace, 'README.md'));
});

test('every row of the threat model names tests that exist', () => {
  const sources = ['contracts-client', 'oracle/src', 'test'].flatMap((folder) => [...findTests(folder)]);
  const text = sources.map(readRepositoryFile).join('\n');
  const rows = readRepositoryFile('contracts-client/docs/threats.md')
    .split('\n')
    .filter((line) => /^\| (?!attack|---)/.test(line));
  expect(rows.length).toBeGreaterThan(20);
  const missing = rows.flatMap((row) =>
    [...(row.split('|').at(-2) ?? '').matchAll(/`([^`]+)`/g)]
      .flatMap(([, name = '']) => name.split('…'))
      .filter((part) => !text.includes(part) && !sources.some((path) => path.endsWith(part))),
  );
  expect(missing).toEqual([]);
});

test('.ci/run runs the test command of README.md', () => {
  expect(readRepositoryFile('README.md')).toContain('\nnpm cit\n');
  expect(readRepositoryFile('.ci/run')).toMatch(/^step .* npm cit$/m);
});
