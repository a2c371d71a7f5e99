import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROGRAMS } from '../network/programs.ts';
import { planCity } from '../simulator/city-plan.ts';
import { appealStory } from './appeal-story.ts';
import { LaunchedNetwork } from './launched-network.ts';
import { dataOf, type OwnersNetwork, TIMEOUT_MS } from './owners-network.ts';
import { registryStory } from './registry-story.ts';

const CITY = { hotspots: 24, cheaters: 4, cars: 2 };

let network: OwnersNetwork;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'owners-'));
  const flags = Object.entries(CITY).map(([name, count]) => `--${name}=${count}`);
  const launched = new LaunchedNetwork(join(folder, 'city'), [...flags, '--round=4s', '--epoch=8s']);
  network = { launched, plan: planCity({ seed: 'sextant', ...CITY }), folder };
});
afterAll(async () => {
  for (const pid of network.launched.processes()) process.kill(pid, 'SIGKILL');
  await rm(network.folder, { recursive: true, force: true, maxRetries: 10 });
});

/** One network for both stories: what one waits for happens while the other is told. */
describe('a running network', () => {
  registryStory(() => network);
  appealStory(() => network);

  it(
    'comes to the same from the log alone, when the chain is gone',
    async () => {
      expect(await network.launched.end('SIGINT')).toMatchObject({ code: 0 });
      const command = ['rebuild', '--json', '--data', join(dataOf(network), 'oracle')];
      const { stdout } = await promisify(execFile)(process.execPath, [PROGRAMS.oracle, ...command]);
      const { epochs, differing } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Rebuilt;
      expect(differing).toEqual([]);
      expect(epochs).toBeGreaterThan(2);
    },
    TIMEOUT_MS,
  );
});

interface Rebuilt {
  readonly epochs: number;
  readonly differing: readonly unknown[];
}
