import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../store/database-harness.ts';
import { isFullRun } from '../support/runs.ts';
import { buildImage } from './build-image.ts';
import { readComposeFile } from './compose-file.ts';
import { createDockerIgnore } from './docker-ignore.ts';
import { copyOf, environmentOf, readDockerfile, type Stage, textsOf } from './dockerfile.ts';
import { OPERATOR_VARIABLES } from './operator-variables.ts';
import { inRepository, readRepositoryFile } from './repository.ts';

const DOCKERFILES = ['oracle/Dockerfile', 'coverage-map/Dockerfile'] as const;
const EXACT_IMAGE = /^[a-z0-9./-]+:\d+\.\d+\.\d+-[a-z0-9.-]+$/;
const isLetIn = createDockerIgnore(readRepositoryFile('.dockerignore'));
const lastStage = (path: string): Stage => {
  const stage = readDockerfile(path).at(-1);
  if (!stage) throw new Error(`${path} has no stage`);
  return stage;
};

describe.each(DOCKERFILES)('%s', (path) => {
  const stages = readDockerfile(path);

  test('begins with exact images', () => {
    for (const { from } of stages) expect(from).toMatch(EXACT_IMAGE);
  });

  test('copies what is there and is let in, from stages that are there', () => {
    const names = stages.map(({ name }) => name);
    for (const [index, stage] of stages.entries()) {
      for (const { fromStage, sources } of textsOf(stage, 'COPY').map(copyOf)) {
        if (fromStage !== undefined) expect(names.slice(0, index)).toContain(fromStage);
        else
          for (const source of sources)
            expect([source, existsSync(inRepository(source)), isLetIn(source)]).toEqual([source, true, true]);
      }
    }
  });

  test('lets no install script run, and leaves no tool for building behind', () => {
    for (const stage of stages) {
      for (const command of textsOf(stage, 'RUN').filter((text) => text.startsWith('npm ci'))) {
        expect(command).toContain('--ignore-scripts');
      }
    }
    const copies = textsOf(lastStage(path), 'COPY').map(copyOf);
    const names = copies.flatMap(({ sources }) => sources);
    expect(names.filter((name) => /(^|\/)(src|test|contracts)(\/|$)/.test(name))).toEqual([]);
    expect(
      copies.filter(({ fromStage, sources }) => fromStage === 'build' && sources.includes('/sextant/node_modules')),
    ).toEqual([]);
  });

  test('asks for its health on a port it listens on', () => {
    const stage = lastStage(path);
    const [check = ''] = textsOf(stage, 'HEALTHCHECK');
    const [, port] = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(check) ?? [];
    expect(textsOf(stage, 'EXPOSE').join(' ').split(' ')).toContain(port);
  });
});

test('secrets, data, tests and what is built elsewhere stay outside', () => {
  for (const path of [
    '.env',
    'oracle/.env',
    'data/keys/log.key',
    'oracle/data/x',
    '.git/config',
    'oracle/dist/cli.js',
    'oracle/node_modules/a/b.js',
    'oracle/src/cli/x.test.ts',
    'test/ops/x.ts',
    'README.md',
  ]) {
    expect([path, isLetIn(path)]).toEqual([path, false]);
  }
});

test('the oracle listens where its health is asked and where the others look', () => {
  const { SEXTANT_HTTP_HOST, SEXTANT_HTTP_PORT, SEXTANT_DATA } = environmentOf(lastStage('oracle/Dockerfile'));
  const stage = lastStage('oracle/Dockerfile');
  expect([textsOf(stage, 'EXPOSE'), SEXTANT_HTTP_HOST]).toEqual([[SEXTANT_HTTP_PORT], '0.0.0.0']);
  expect(textsOf(stage, 'VOLUME')).toEqual([SEXTANT_DATA]);
  expect(textsOf(stage, 'RUN').join()).toContain(` ${SEXTANT_DATA}`);
  const { emqx } = readComposeFile(OPERATOR_VARIABLES).services;
  for (const name of ['EMQX_AUTHENTICATION', 'EMQX_AUTHORIZATION__SOURCES']) {
    const [{ url = '' } = {}] = JSON.parse(emqx?.environment?.[name] ?? '[]') as { url?: string }[];
    expect(new URL(url).host).toBe(`oracle:${SEXTANT_HTTP_PORT}`);
  }
  expect(readRepositoryFile('coverage-map/nginx/nginx.conf')).toContain(
    `set $oracle http://oracle:${SEXTANT_HTTP_PORT};`,
  );
});

test('the map listens where it is published, serves what is copied, and reads the certificate it is given', () => {
  const { map } = readComposeFile(OPERATOR_VARIABLES).services;
  const text = readRepositoryFile('coverage-map/nginx/nginx.conf');
  const listens = [...text.matchAll(/listen (\d+)/g)].map(([, port = '']) => port);
  const stage = lastStage('coverage-map/Dockerfile');
  expect(textsOf(stage, 'EXPOSE')).toEqual([listens.join(' ')]);
  expect(map?.ports?.map((port) => port.split(':').at(-1)).toSorted()).toEqual(listens.toSorted());
  const copied = textsOf(stage, 'COPY').map((line) => copyOf(line).target);
  for (const [, root = ''] of text.matchAll(/root (\S+);/g))
    expect(copied.some((target) => target.startsWith(`${root}/`))).toBe(true);
  const secrets = [...text.matchAll(/\/run\/secrets\/([a-z-]+)/g)].map(([, name = '']) => name);
  expect(map?.secrets?.toSorted()).toEqual(secrets.toSorted());
});

const skipped = isFullRun ? '' : ' (skipped: only in npm run test:long)';
describe.skipIf(!isFullRun)(`built step by step${skipped}`, () => {
  let folder: string;
  let databases: TestServer;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-images-'));
    databases = await startTestServer();
  });
  afterAll(async () => {
    await databases.drop('sextant_image');
    await databases.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('the oracle starts from its production files alone', { timeout: 600_000 }, async () => {
    const root = join(await buildImage('oracle/Dockerfile', join(folder, 'oracle')), 'sextant');
    expect(readdirSync(root).toSorted()).toEqual(
      ['LICENSE', 'contracts-client', 'firmware-bridge', 'node_modules', 'oracle', 'package.json'].toSorted(),
    );
    expect(existsSync(join(root, 'node_modules/vitest'))).toBe(false);
    const environment = {
      PATH: process.env['PATH'],
      SEXTANT_DATA: join(folder, 'data'),
      SEXTANT_HTTP_PORT: '0',
      SEXTANT_MQTT_PORT: '0',
      SEXTANT_DATABASE_URL: databases.url('sextant_image'),
    };
    const oracle = fork(join(root, 'node_modules/.bin/sextant-oracle'), ['start'], {
      env: environment,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await readyMessage(oracle);
    const ended = once(oracle, 'exit');
    oracle.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  test('the map is built', { timeout: 600_000 }, async () => {
    const root = await buildImage('coverage-map/Dockerfile', join(folder, 'map'));
    expect(readFileSync(join(root, 'srv/sextant/site/index.html'), 'utf8')).toContain('/assets/');
    expect(existsSync(join(root, 'srv/sextant/basemap/0/0/0.mvt.gz'))).toBe(true);
    expect(existsSync(join(root, 'etc/nginx/nginx.conf'))).toBe(true);
  });
});

async function readyMessage(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the oracle ended with ${code}`)));
    child.on('message', ({ type }: { type: string }) => {
      if (type === 'oracle/ready') resolve();
    });
  });
}
