import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock, type ManualClock } from '@sextant/firmware-bridge/clock';
import { createSeedSigner } from '@sextant/firmware-bridge/native-ed25519';
import { unixMs } from '@sextant/firmware-bridge/protocol';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeGroup } from './group-frame.ts';
import type { Ledger } from './ledger.ts';
import { nodeFileSystem } from './node-file-system.ts';
import { openLedger } from './open-ledger.ts';

const ORIGIN = 'validator.example/log';
const signer = { name: ORIGIN, ...createSeedSigner(new Uint8Array(32).fill(7)) };
const SMALL_SEGMENTS = 2_000;

let folder: string;
let log: Record<string, unknown>[];
let clock: ManualClock;
let open: Ledger[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sextant-recovery-'));
  log = [];
  clock = createManualClock();
  open = [];
});
afterEach(async () => {
  for (const ledger of open) await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

async function openAt(directory: string, segmentBytes?: number): Promise<Ledger> {
  const logger = pino({}, { write: (line) => void log.push(JSON.parse(line) as Record<string, unknown>) });
  const options = { directory, origin: ORIGIN, ...(segmentBytes === undefined ? {} : { segmentBytes }) };
  const ledger = await openLedger(options, { fileSystem: nodeFileSystem, signer, clock, logger });
  open.push(ledger);
  return ledger;
}

const numbered = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => Buffer.from(`entry ${from + at}`));

async function publish(): Promise<void> {
  await clock.advanceTo(unixMs(clock.now() + 1_000));
}

/** What a crash leaves behind: the folder as it is while the log is open. */
function crashed(directory: string, name = 'crashed'): string {
  const copy = join(folder, name);
  cpSync(directory, copy, { recursive: true });
  rmSync(join(copy, 'lock'));
  return copy;
}

const segmentsOf = (directory: string) =>
  readdirSync(join(directory, 'segments'))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => join(directory, 'segments', name));

function flipByte(path: string, at: number): void {
  const bytes = readFileSync(path);
  const place = at < 0 ? bytes.length + at : at;
  bytes[place] = (bytes[place] as number) ^ 0x40;
  writeFileSync(path, bytes);
}

function everything(directory: string): [string, string][] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((path) => [path, readFileSync(path, 'hex')]);
}

async function expectCorrupt(directory: string, segmentBytes?: number): Promise<void> {
  const before = everything(directory);
  await expect(openAt(directory, segmentBytes)).rejects.toMatchObject({ code: 'ledger_corrupt' });
  expect(everything(directory), 'a refused folder stays as it was').toEqual(before);
}

/** Three groups, of which the first `published` entries were shown to readers. */
async function threeGroups(published: 'all' | 'one'): Promise<string> {
  const directory = join(folder, 'log');
  const ledger = await openAt(directory);
  await ledger.appendAll(numbered(10));
  await publish();
  await ledger.appendAll(numbered(10, 10));
  await ledger.appendAll(numbered(10, 20));
  if (published === 'all') await publish();
  return crashed(directory);
}

describe('a torn write at the end', () => {
  it.each([
    ['its last bytes are missing', (path: string) => truncateSync(path, readFileSync(path).length - 7)],
    ['a byte of it is other', (path: string) => flipByte(path, -20)],
  ])('is cut back to the last whole group, and the log says so: %s', async (_name, tear) => {
    const directory = await threeGroups('one');
    const [segment] = segmentsOf(directory) as [string];
    tear(segment);
    const bytes = readFileSync(segment).length;
    const ledger = await openAt(directory);
    expect(ledger.size).toBe(20);
    const kept = readFileSync(segment).length;
    expect(log.filter((line) => line['cutBytes'] !== undefined)).toMatchObject([
      { level: 40, segment, keptBytes: kept, cutBytes: bytes - kept, nextLeaf: 20 },
    ]);
    await ledger.append(Buffer.from('more'));
    const again = await openAt(crashed(directory, 'again'));
    expect(again.size).toBe(21);
    expect(log.filter((line) => line['cutBytes'] !== undefined)).toHaveLength(1);
  });

  it.each([1, 11, 12, 40, 4_096])('is cut when only %i bytes of it, or zeros, reached the disk', async (count) => {
    const directory = await threeGroups('all');
    const [segment] = segmentsOf(directory) as [string];
    const whole = readFileSync(segment);
    const torn = encodeGroup({ firstLeaf: 30, note: whole.subarray(0, 100), entries: [Buffer.alloc(5_000)] }).frame;
    for (const [name, rest] of Object.entries({
      part: Buffer.from(torn).subarray(0, count),
      zeros: Buffer.alloc(count),
    })) {
      writeFileSync(segment, Buffer.concat([whole, rest]));
      const copy = join(folder, name);
      cpSync(directory, copy, { recursive: true });
      expect((await openAt(copy)).size).toBe(30);
      expect(readFileSync(segmentsOf(copy)[0] as string)).toEqual(whole);
    }
  });

  it('is cut also when an entry in it was made to look like a later group', async () => {
    const directory = await threeGroups('one');
    const [segment] = segmentsOf(directory) as [string];
    const whole = readFileSync(segment);
    const note = readFileSync(join(directory, 'checkpoint'));
    const forged = encodeGroup({ firstLeaf: 500, note, entries: [Buffer.from('x')] }).frame;
    const { frame } = encodeGroup({ firstLeaf: 30, note, entries: [forged, Buffer.alloc(100)] });
    writeFileSync(segment, Buffer.concat([whole, Buffer.from(frame).subarray(0, frame.length - 1)]));
    expect((await openAt(directory)).size).toBe(30);
  });
});

describe('damage to synced bytes is refused, and nothing is cut', () => {
  it('in a group with others behind it', async () => {
    const directory = await threeGroups('one');
    flipByte(segmentsOf(directory)[0] as string, 400);
    await expectCorrupt(directory);
  });

  it('in the last group, when readers were shown it', async () => {
    const directory = await threeGroups('all');
    flipByte(segmentsOf(directory)[0] as string, -20);
    await expectCorrupt(directory);
  });

  it('when a segment in the middle or the newest one is gone', async () => {
    const directory = join(folder, 'log');
    const ledger = await openAt(directory, SMALL_SEGMENTS);
    for (let n = 0; n < 12; n++) await ledger.appendAll(numbered(20, n * 20));
    await publish();
    const segments = segmentsOf(directory);
    expect(segments.length).toBeGreaterThan(2);
    for (const [name, gone] of Object.entries({ middle: segments[1], newest: segments.at(-1), all: undefined })) {
      const copy = crashed(directory, name);
      if (gone === undefined) rmSync(join(copy, 'segments'), { recursive: true });
      else rmSync(gone.replace(directory, copy));
      const before = everything(copy);
      await expect(openAt(copy, SMALL_SEGMENTS)).rejects.toMatchObject({ code: 'ledger_corrupt' });
      expect(everything(copy)).toEqual(before);
    }
  });

  it('when an older copy stands beside a newer checkpoint', async () => {
    const directory = join(folder, 'log');
    const ledger = await openAt(directory);
    await ledger.appendAll(numbered(10));
    await publish();
    const older = crashed(directory, 'older');
    await ledger.appendAll(numbered(10, 10));
    await publish();
    cpSync(join(directory, 'checkpoint'), join(older, 'checkpoint'));
    await expectCorrupt(older);
  });

  it('when another history of the same length was shown', async () => {
    const [one, other] = [join(folder, 'one'), join(folder, 'other')];
    const [first, second] = [await openAt(one), await openAt(other)];
    await first.appendAll(numbered(10));
    await second.appendAll(numbered(10, 5));
    await publish();
    const copy = crashed(one);
    cpSync(join(other, 'checkpoint'), join(copy, 'checkpoint'));
    await expectCorrupt(copy);
  });

  it('in the tiles that the oldest segment builds on', async () => {
    const directory = join(folder, 'log');
    const ledger = await openAt(directory, SMALL_SEGMENTS);
    for (let n = 0; n < 40; n++) await ledger.appendAll(numbered(15, n * 15));
    await publish();
    while (segmentsOf(directory).length > 2) await new Promise((resolve) => setImmediate(resolve));
    for (const damaged of ['tile/0/000', 'tile/0/001', 'tile/entries/001']) {
      const copy = crashed(directory, damaged.replaceAll('/', '-'));
      flipByte(join(copy, damaged), 40);
      await expectCorrupt(copy, SMALL_SEGMENTS);
    }
  });
});

it('writes a published checkpoint that is unreadable anew, and says so', async () => {
  const directory = await threeGroups('all');
  writeFileSync(join(directory, 'checkpoint'), 'rubbish');
  expect((await openAt(directory)).size).toBe(30);
  expect(readFileSync(join(directory, 'checkpoint'), 'utf8')).toContain('\n30\n');
  expect(log.filter((line) => line['reason'] === 'no_signatures')).toHaveLength(1);
});

it('stops writing when another process took the folder over', async () => {
  const directory = join(folder, 'log');
  const ledger = await openAt(directory);
  await ledger.append(Buffer.from('a'));
  writeFileSync(join(directory, 'lock'), JSON.stringify({ pid: 1, identity: 'another machine' }));
  await publish();
  await expect(ledger.append(Buffer.from('b'))).rejects.toMatchObject({ code: 'lock_lost' });
  await expect(ledger.appendRecord(Buffer.from('mark'))).rejects.toMatchObject({ code: 'lock_lost' });
  expect(ledger.size).toBe(1);
});
