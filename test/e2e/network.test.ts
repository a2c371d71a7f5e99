import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { REASONS } from '@sextant/firmware-bridge/protocol';
import type { EpochView } from '@sextant/oracle/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OracleApi } from '../network/oracle-api.ts';
import { PROGRAMS } from '../network/programs.ts';
import type { RunSummary } from '../network/run-summary.ts';
import { LaunchedNetwork, stillRunning } from './launched-network.ts';

/** Every kind of cheat once. */
const CITY = ['--hotspots=16', '--cheaters=5', '--cars=2'];
const SHORT = ['--round=5s', '--epoch=20s'];
/** A machine that does other things as well. */
const TIMEOUT_MS = 240_000;
const STOPS_WITHIN_MS = 5_000;

let folder: string;
const started: LaunchedNetwork[] = [];

function launch(name: string, ...args: string[]): LaunchedNetwork {
  const network = new LaunchedNetwork(join(folder, name), args);
  started.push(network);
  return network;
}

const readJson = async <T>(name: string): Promise<T> => JSON.parse(await readFile(join(folder, name), 'utf8')) as T;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'network-'));
});
afterAll(async () => {
  for (const pid of started.flatMap((network) => network.processes())) process.kill(pid, 'SIGKILL');
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

describe.sequential('npm start', () => {
  let summary: RunSummary;

  it(
    'runs a city for two epochs, ends by itself and writes down what happened',
    async () => {
      const json = join(folder, 'summary.json');
      const network = launch('city', ...CITY, ...SHORT, '--epochs=2', `--json=${json}`);
      await network.url();
      const processes = network.processes();
      expect(processes.length).toBeGreaterThan(5);
      expect(await network.ended()).toMatchObject({ code: 0 });
      expect(stillRunning(processes)).toEqual([]);

      summary = await readJson<RunSummary>('summary.json');
      expect(Object.keys(summary)).toEqual([
        'hotspots',
        'beacons',
        'witnessReports',
        'surveyTransmissions',
        'outcomes',
        'byReason',
        'hexes',
        'epochs',
        'firstHexMs',
        'firstEpochMs',
        'peakRssMiB',
        'lostReports',
        'chain',
        'places',
      ]);
      expect(Object.keys(summary.outcomes)).toEqual(['valid', 'invalid', 'insufficient']);
      expect(summary.lostReports).toBe(0);
      expect(summary.hotspots).toBe(16);
      for (const count of [summary.beacons, summary.witnessReports, summary.hexes]) expect(count).toBeGreaterThan(0);
      expect(summary.firstHexMs).toBeGreaterThan(0);
      expect(summary.peakRssMiB).toBeGreaterThan(100);
    },
    TIMEOUT_MS,
  );

  it('has paid for what was true, and refused what was invented', () => {
    const { epochs, outcomes, byReason } = summary;
    expect(epochs.map(({ index }) => index)).toEqual([0, 1]);
    for (const { root, total } of epochs) expect([root, total]).toEqual([/^[0-9a-f]{64}$/, /^\d+$/].map(matching));
    expect(epochs.some(({ hotspotsPaid }) => hotspotsPaid > 0)).toBe(true);
    expect(outcomes.valid).toBeGreaterThan(0);
    const reasons = Object.entries(byReason);
    for (const [reason, count] of reasons) {
      expect(Object.keys(REASONS)).toContain(reason);
      expect(count).toBeGreaterThan(0);
    }
    expect(reasons.reduce((sum, [, count]) => sum + count, 0)).toBe(outcomes.invalid + outcomes.insufficient);
    // Beacons that nobody ever sent.
    expect(byReason['no_such_beacon']).toBeGreaterThan(0);
  });

  it(
    'goes on with the same network in the same data folder, and stops within five seconds of Ctrl-C',
    async () => {
      const network = launch('city');
      const api = new OracleApi(await network.url());
      const { timing, epoch } = await api.network();
      expect(timing).toMatchObject({ roundMs: 5_000, epochMs: 20_000 });
      expect(epoch).toBeGreaterThan(1);
      for (const { index, root, total } of summary.epochs) {
        expect(await api.epoch(index)).toMatchObject({ epoch: index, total, roots: { rewards: root } });
      }
      await network.said(/Epoch (\d+) closed/);
      const closed = await api.epochs(200);
      expect(closed.map((one) => one.epoch)).toEqual(closed.map((_, i) => closed.length - 1 - i));
      expect(await previousHashes(api, closed.length)).toEqual(
        closed
          .map(({ summaryHash }) => summaryHash)
          .toReversed()
          .slice(0, -1),
      );

      const processes = network.processes();
      const { code, tookMs } = await network.end('SIGINT');
      expect(code).toBe(0);
      expect(tookMs).toBeLessThan(STOPS_WITHIN_MS);
      expect(stillRunning(processes)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'refuses to be another network than its data folder holds',
    async () => {
      const other = launch('city', '--round=10s');
      expect(await other.ended()).toMatchObject({ code: 1 });
      expect(other.output).toMatch(/round takes 5(\.0)? s, for ever.*--data/s);
      expect(stillRunning(other.processes())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'leaves no process behind when it is killed itself',
    async () => {
      const network = launch('city');
      await network.url();
      const processes = network.processes();
      expect(processes.length).toBeGreaterThan(5);
      expect(await network.end('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
      await expect.poll(() => stillRunning(processes), { timeout: 15_000, interval: 100 }).toEqual([]);
      expect(network.processes()).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe('npm start -- --no-simulator', () => {
  it(
    'prints the one command an owner runs, which works; a port that is taken is told',
    async () => {
      const network = launch('alone', '--no-simulator');
      const url = await network.url();
      const command = await network.said(/npx sextant-bridge (init .*)/);
      expect(command).toMatch(/^init --network \S+ --invitation \S+$/);
      const answers = `--owner 0x52908400098527886e0f7030069857d2e4169ee7 --gateway-eui aa555a0000000001 --region EU868
        --location 49.1951,16.6068 --antenna-height 12 --altitude 240`;
      const args = [PROGRAMS.bridge, ...`${command} ${answers}`.split(/\s+/), '--data', join(folder, 'bridge')];
      await promisify(execFile)(process.execPath, args);
      // A code is good for one key.
      const again = [...args.slice(0, -1), join(folder, 'bridge-2')];
      await expect(promisify(execFile)(process.execPath, again)).rejects.toMatchObject({ code: 1 });

      const invite = (await network.said(/npx sextant-oracle (invite .*)/)).split(' ');
      const { stdout } = await promisify(execFile)(process.execPath, [PROGRAMS.oracle, ...invite]);
      await promisify(execFile)(
        process.execPath,
        again.map((word, i) => (again[i - 1] === '--invitation' ? stdout.trim() : word)),
      );
      const { port } = new URL(url);
      const second = launch('second', '--no-simulator', `--http-port=${port}`);
      expect(await second.ended()).toMatchObject({ code: 1 });
      expect(second.output).toMatch(
        new RegExp(`TCP port ${port}, for the map and the API, is in use.*--http-port`, 's'),
      );

      const processes = network.processes();
      const { code, tookMs } = await network.end('SIGTERM');
      expect(code).toBe(0);
      expect(tookMs).toBeLessThan(STOPS_WITHIN_MS);
      expect(stillRunning(processes)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

/** What epochs 1, 2, … say about the one before them. */
async function previousHashes(api: OracleApi, epochs: number): Promise<readonly (string | undefined)[]> {
  const views: EpochView[] = [];
  for (let epoch = 1; epoch < epochs; epoch++) views.push(await api.epoch(epoch));
  return views.map(({ previous }) => previous);
}
