import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { Children, PROGRAMS } from '../network/programs.ts';
import { PlainProgress } from '../network/progress/plain-progress.ts';
import { findOutsideData } from '../support/outside-data.ts';
import { isFullRun } from '../support/runs.ts';
import { type MeasuredLinks, parseLinksCsv } from './links-csv.ts';
import type { ReplayChoice } from './replay-options.ts';
import { planReplay } from './replay-plan.ts';
import { type ReplayResult, runReplay } from './replay-run.ts';

const ONE: ReplayChoice = { seed: 'replay', bridges: 2, deliverEveryMs: 10_000 };
/** Other processes, other batches, another order of arrival. */
const OTHER: ReplayChoice = { seed: 'replay', bridges: 3, deliverEveryMs: 1_500 };
const TIMEOUT_MS = isFullRun ? 45 * 60_000 : 8 * 60_000;

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function replay(
  measured: MeasuredLinks,
  choice: ReplayChoice,
): Promise<{ readonly result: ReplayResult; readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-test-'));
  folders.push(folder);
  const children = new Children(join(folder, 'logs'));
  const nowMs = (): number => performance.now();
  const progress = new PlainProgress({ output: { write: () => undefined }, nowMs });
  try {
    return { result: await runReplay(planReplay(measured), choice, { children, progress, folder, nowMs }), folder };
  } finally {
    await children.stopAll();
  }
}

/** What must be the same in every run: all that the network says, and nothing about how long it took. */
const outcomeOf = (result: ReplayResult): ReplayResult => ({ ...result, seconds: 0 });

/** Roots by epoch, computed again by `oracle rebuild` with nothing but the log. */
async function rebuild(folder: string): Promise<ReplayResult['epochs']> {
  const data = join(folder, 'oracle');
  const epochs = join(data, 'epochs');
  await rm(epochs, { recursive: true });
  const args = [PROGRAMS.oracle, 'rebuild', '--data', data, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { epochs: count } = JSON.parse(stdout) as { epochs: number };
  return Promise.all(
    Array.from({ length: count }, async (_, epoch) => {
      const summary = await readFile(join(epochs, String(epoch).padStart(8, '0'), 'summary.json'), 'utf8');
      const { roots } = JSON.parse(summary) as ReplayResult['epochs'][number];
      return { epoch, roots };
    }),
  );
}

/** Both runs, and the log of the second one computed anew, say the same. What comes back is what they say. */
async function replayTwice(measured: MeasuredLinks): Promise<ReplayResult> {
  const { result } = await replay(measured, ONE);
  const { result: other, folder } = await replay(measured, OTHER);
  expect(outcomeOf(other)).toEqual(outcomeOf(result));
  expect(await rebuild(folder)).toEqual(result.epochs);
  return result;
}

function expectAllAccountedFor(result: ReplayResult, links: number): void {
  const { valid, invalid, insufficient } = result.outcomes;
  expect([result.links, valid + invalid + insufficient, result.unjudged]).toEqual([links, links, []]);
  expect(result.receipts).toBe(result.reportsSent);
  expect(result.reportsSent).toBeGreaterThanOrEqual(
    links + result.transmissions.surveys + result.transmissions.beacons,
  );
  const reasons = Object.values(result.byReason).reduce((sum, count) => sum + count, 0);
  expect(reasons).toBe(invalid + insufficient);
  expect(result.invalid).toHaveLength(invalid);
  for (const { checks } of result.invalid) expect(checks.some(({ margin = 0 }) => margin < 0)).toBe(true);
}

/**
 * Seven receptions of four packets: row 5 is louder at 2.7 km than free space allows (about -78 dBm there for 14 dBm
 * EIRP), and row 7 so weak that only a beacon at SF10 or slower carries it, from a hotspot 290 m away.
 */
const MADE = `row,msg,dev_lat,dev_lon,gw,gw_lat,gw_lon,dist_m,rssi_dbm,snr_db
1,1,49.2000,16.6000,1,49.2300,16.6000,3336,-108,3
2,1,49.2000,16.6000,2,49.2000,16.6500,3634,-112,-2
3,2,49.2000,16.6000,1,49.2300,16.6000,3336,-109,4
4,3,49.2100,16.6200,2,49.2000,16.6500,2451,-101,6
5,3,49.2100,16.6200,1,49.2300,16.6000,2660,-20,9
6,4,49.2320,16.6030,1,49.2300,16.6000,313,-117,-19.5
7,4,49.2320,16.6030,2,49.2000,16.6500,4932,-118,-19
`;

describe('a replay of measured receptions', () => {
  const path = findOutsideData('brno/brno_links_Brno.csv');
  /** The far larger file does it otherwise. */
  const isCompared = isFullRun || path === undefined;

  it(
    `judges what is plain to see${isCompared ? ', and says it again whatever the batches and the order' : ''}`,
    async () => {
      const made = parseLinksCsv(MADE);
      const result = isCompared ? await replayTwice(made) : (await replay(made, ONE)).result;
      expectAllAccountedFor(result, 7);
      expect(result.outcomes).toEqual({ valid: 5, invalid: 1, insufficient: 1 });
      expect(result.byReason).toEqual({ too_loud: 1, too_near: 1 });
      expect(result.invalid.map(({ row, reason }) => [row, reason])).toEqual([[5, 'too_loud']]);
      expect(result.transmissions).toMatchObject({ surveys: 3, beacons: 1 });
      // The two places that were surveyed, and the hotspot's own.
      expect(result.hexes).toBe(3);
    },
    TIMEOUT_MS,
  );

  it.skipIf(path === undefined)(
    `calls hardly a reception in Brno invalid, whatever the batches and the order${path ? '' : ' (the data are not here)'}`,
    async () => {
      const all = parseLinksCsv(await readFile(path ?? '', 'utf8'));
      const links = isFullRun ? all.links : all.links.filter(({ packet }) => packet % 10 === 0);
      const result = await replayTwice({ ...all, links });
      expectAllAccountedFor(result, isFullRun ? 6_618 : 680);
      expect(result.outcomes.invalid).toBeLessThanOrEqual(0.005 * links.length);
      expect(result.outcomes.insufficient).toBeLessThan(0.01 * links.length);
      expect(result.hexes).toBeGreaterThan(links.length / 50);
    },
    TIMEOUT_MS,
  );
});
