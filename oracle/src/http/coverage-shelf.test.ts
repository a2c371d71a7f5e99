import { createManualClock } from '@sextant/firmware-bridge/clock';
import { unixMs } from '@sextant/firmware-bridge/protocol';
import { latLngToCell } from 'h3-js';
import { beforeEach, expect, test } from 'vitest';
import type { CoverageWindow } from '../store/index.ts';
import { CoverageShelf, liveEpochsOf } from './coverage-shelf.ts';
import type { CoverageRow } from './tiles/index.ts';

const EPOCH_MS = 300_000;
const timing = {
  genesisMs: unixMs(0),
  slotMs: 5_000,
  roundMs: 60_000,
  epochMs: EPOCH_MS,
  clockMarginMs: 3_000,
  epochGraceMs: 8_000,
};
const row = (index: number, lastSeenMs = 0): CoverageRow => ({
  cell: BigInt(`0x${latLngToCell(49.2, 16.6 + index * 0.01, 9)}`),
  state: 'covered',
  bestEspDdbm: -900,
  witnesses: 1,
  lastSeenMs,
});

let asked: CoverageWindow[];
let rowsOf: (window: CoverageWindow) => readonly CoverageRow[];
/** Loading waits for it. */
let gate: Promise<void>;
let failing: boolean;

beforeEach(() => {
  asked = [];
  rowsOf = () => [row(0)];
  gate = Promise.resolve();
  failing = false;
});

function shelf(maxCells = 1_000_000, nowMs = 10 * EPOCH_MS) {
  const clock = createManualClock(unixMs(nowMs));
  const stream = async function* (window: CoverageWindow): AsyncGenerator<readonly CoverageRow[]> {
    asked.push(window);
    await gate;
    if (failing) throw new Error('no database');
    yield rowsOf(window);
  };
  const findSummaryHash = async (epoch: number): Promise<string | undefined> =>
    epoch < 10 ? `hash ${epoch}` : undefined;
  return {
    clock,
    coverage: new CoverageShelf({ timing, liveEpochs: 3, maxCells }, { clock, stream, findSummaryHash }),
  };
}

test('an epoch is loaded once, however many ask, and one that has not closed is none', async () => {
  const { coverage } = shelf();
  const [first, second] = await Promise.all([coverage.findEpoch(4), coverage.findEpoch(4)]);
  expect(first?.source).toBe(second?.source);
  expect([first?.summaryHash, await coverage.findSummaryHash(4)]).toEqual(['hash 4', 'hash 4']);
  expect(await coverage.findEpoch(10)).toBeUndefined();
  expect(asked).toEqual([{ epoch: 4 }]);
});

test('the epochs asked for longest ago make room', async () => {
  const { coverage } = shelf(25);
  rowsOf = () => Array.from({ length: 10 }, (_, i) => row(i));
  for (const epoch of [1, 2, 1, 3, 1, 2]) await coverage.findEpoch(epoch);
  expect(asked).toEqual([{ epoch: 1 }, { epoch: 2 }, { epoch: 3 }, { epoch: 2 }]);
});

test('a failure is not kept', async () => {
  const { coverage } = shelf();
  failing = true;
  await expect(coverage.findEpoch(1)).rejects.toThrow('no database');
  await expect(coverage.live()).rejects.toThrow('no database');
  failing = false;
  expect((await coverage.findEpoch(1))?.source.size).toBe(1);
  expect((await coverage.live()).size).toBe(1);
});

test('live tiles follow what changes, also what changes while they are loaded', async () => {
  const { coverage } = shelf();
  coverage.changed([row(5)]);
  let open: () => void = () => undefined;
  gate = new Promise((resolve) => {
    open = resolve;
  });
  const loading = coverage.live();
  coverage.changed([row(1)]);
  open();
  const live = await loading;
  expect(live.size).toBe(2);
  coverage.changed([row(2), row(0, 3_600_000)]);
  expect(live.size).toBe(3);
  expect(await coverage.live()).toBe(live);
  expect(asked).toEqual([{ fromEpoch: 7 }]);
});

test('live hexagons age out: the window moves with the running epoch', async () => {
  const { clock, coverage } = shelf();
  const before = await coverage.live();
  await clock.advanceTo(unixMs(11 * EPOCH_MS));
  rowsOf = () => [];
  const after = await coverage.live();
  expect([before.size, after.size]).toEqual([1, 0]);
  expect(asked).toEqual([{ fromEpoch: 7 }, { fromEpoch: 8 }]);
  coverage.forgetLive();
  await coverage.live();
  expect(asked).toHaveLength(3);
});

test('live is a week, and never more epochs than can be added up', () => {
  expect(liveEpochsOf({ epochMs: 86_400_000 })).toBe(7);
  expect(liveEpochsOf({ epochMs: 300_000 })).toBe(24);
});
