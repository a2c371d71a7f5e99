import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock, type ManualClock } from '@sextant/firmware-bridge/clock';
import { createSeedSigner } from '@sextant/firmware-bridge/native-ed25519';
import {
  leafHash,
  unixMs,
  verifyCheckpoint,
  verifyInclusion,
  verifySignature,
} from '@sextant/firmware-bridge/protocol';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noteKeyOf } from './checkpoint-signer.ts';
import type { FileSystem } from './file-system.ts';
import { folderSource } from './folder-objects.ts';
import type { Ledger, LogProof } from './ledger.ts';
import { nodeFileSystem } from './node-file-system.ts';
import { type OpenLedgerOptions, openLedger } from './open-ledger.ts';
import { openLogReader } from './open-log-reader.ts';

const ORIGIN = 'validator.example/log';
const signer = { name: ORIGIN, ...createSeedSigner(new Uint8Array(32).fill(7)) };
const LOG_KEY = { origin: ORIGIN, key: noteKeyOf(signer) };

let directory: string;
let clock: ManualClock;
let open: Ledger[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sextant-ledger-'));
  clock = createManualClock();
  open = [];
});

afterEach(async () => {
  for (const ledger of open) await ledger.close();
  rmSync(directory, { recursive: true, force: true });
});

async function openHere(options: Partial<OpenLedgerOptions> = {}, fileSystem: FileSystem = nodeFileSystem) {
  const logger = pino({ level: 'silent' });
  const ledger = await openLedger({ directory, origin: ORIGIN, ...options }, { fileSystem, signer, clock, logger });
  open.push(ledger);
  return ledger;
}

async function close(ledger: Ledger): Promise<void> {
  open = open.filter((other) => other !== ledger);
  await ledger.close();
}

/** A disk that counts the syncs of segments and the notes that were signed. */
function countingDisk(): { fileSystem: FileSystem; counts: { syncs: number; appends: number } } {
  const counts = { syncs: 0, appends: 0 };
  const create: FileSystem['create'] = async (path) => {
    const file = await nodeFileSystem.create(path);
    if (!path.endsWith('.seg')) return file;
    return {
      append: (bytes) => {
        counts.appends += 1;
        return file.append(bytes);
      },
      sync: () => {
        counts.syncs += 1;
        return file.sync();
      },
      close: () => file.close(),
    };
  };
  return { fileSystem: { ...nodeFileSystem, create }, counts };
}

const numbered = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => Buffer.from(`entry ${from + at}`));

function isReceiptFor(entry: Uint8Array, proof: LogProof): boolean {
  const verified = verifyCheckpoint(proof.checkpoint, LOG_KEY, verifySignature);
  if (!verified.ok) return false;
  const { size: treeSize, root } = verified.checkpoint;
  return verifyInclusion({ leafIndex: proof.leafIndex, treeSize, leafHash: leafHash(entry), root }, proof.proof);
}

async function readAll(ledger: { entries(from: number): AsyncIterable<Uint8Array> }): Promise<string[]> {
  const entries: string[] = [];
  for await (const entry of ledger.entries(0)) entries.push(Buffer.from(entry).toString());
  return entries;
}

/** Paths of all files below, relative to the log's folder. */
function filesBelow(folder: string): string[] {
  return readdirSync(join(directory, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    })
    .sort((a, b) => (a < b ? -1 : 1));
}

describe('appending', () => {
  it('makes receipts that prove themselves, with one write, one sync and one signature a group', async () => {
    const { fileSystem, counts } = countingDisk();
    const ledger = await openHere({}, fileSystem);
    const entries = numbered(1_000);
    const proofs = await Promise.all(entries.map((entry) => ledger.append(entry)));
    expect(counts).toEqual({ syncs: 1, appends: 1 });
    expect(new Set(proofs.map((proof) => proof.checkpoint)).size).toBe(1);
    expect(proofs.map((proof) => proof.leafIndex)).toEqual(entries.map((_, at) => at));
    for (const at of [0, 1, 511, 512, 998, 999]) {
      expect(isReceiptFor(entries[at] as Buffer, proofs[at] as LogProof)).toBe(true);
      expect(isReceiptFor(entries[at] as Buffer, await ledger.prove(at))).toBe(true);
    }
    expect(isReceiptFor(Buffer.from('other'), proofs[0] as LogProof)).toBe(false);
  });

  it('makes groups of at most 1,024', async () => {
    const { fileSystem, counts } = countingDisk();
    const ledger = await openHere({}, fileSystem);
    await Promise.all(numbered(2_500).map((entry) => ledger.append(entry)));
    expect(counts).toEqual({ syncs: 3, appends: 3 });
    expect(ledger.size).toBe(2_500);
  });

  it('keeps the order of the calls, whatever the kind', async () => {
    const ledger = await openHere();
    const text = (name: string) => Buffer.from(name);
    const [a, batch, mark, b] = await Promise.all([
      ledger.append(text('a')),
      ledger.appendAll([text('b1'), text('b2')]),
      ledger.appendRecord(text('mark')),
      ledger.append(text('c')),
    ]);
    expect([a, ...batch, mark, b].map((proof) => proof.leafIndex)).toEqual([0, 1, 2, 3, 4]);
    expect(await readAll(ledger)).toEqual(['a', 'b1', 'b2', 'mark', 'c']);
  });

  it('takes entries from nothing to 65,535 bytes', async () => {
    const ledger = await openHere();
    const longest = Buffer.alloc(65_535, 5);
    const proofs = await ledger.appendAll([new Uint8Array(0), longest]);
    expect(isReceiptFor(longest, proofs[1] as LogProof)).toBe(true);
    expect(await ledger.readEntry(0)).toHaveLength(0);
    await expect(ledger.append(Buffer.alloc(65_536))).rejects.toMatchObject({ code: 'entry_too_large' });
  });

  it('tells listeners of every size', async () => {
    const ledger = await openHere();
    const sizes: number[] = [];
    const stop = ledger.onAppended((size) => sizes.push(size));
    await ledger.appendAll(numbered(3));
    await ledger.append(Buffer.from('x'));
    stop();
    await ledger.append(Buffer.from('y'));
    expect(sizes).toEqual([3, 4]);
  });
});

describe('publication', () => {
  const published = () => readFileSync(join(directory, 'checkpoint'), 'utf8').split('\n')[1];

  it('publishes a new log at once, then at most once a second', async () => {
    const ledger = await openHere();
    expect(published()).toBe('0');
    await ledger.append(Buffer.from('a'));
    await clock.advanceTo(unixMs(clock.now() + 999));
    expect(published()).toBe('0');
    expect(filesBelow('.').filter((path) => path.startsWith('tile'))).toEqual([]);
    await clock.advanceTo(unixMs(clock.now() + 1));
    expect(published()).toBe('1');
    expect(filesBelow('tile')).toEqual(['tile/0/000.p/1', 'tile/entries/000.p/1']);
    await ledger.appendAll(numbered(5));
    await clock.advanceTo(unixMs(clock.now() + 500));
    expect(published()).toBe('1');
    await clock.advanceTo(unixMs(clock.now() + 500));
    expect(published()).toBe('6');
    expect(filesBelow('tile')).toEqual([
      'tile/0/000.p/1',
      'tile/0/000.p/6',
      'tile/entries/000.p/1',
      'tile/entries/000.p/6',
    ]);
  });

  it('replaces partial tiles by the full one, and starts the level above', async () => {
    const ledger = await openHere();
    await ledger.appendAll(numbered(200));
    await clock.advanceTo(unixMs(clock.now() + 1_000));
    await ledger.appendAll(numbered(100, 200));
    await clock.advanceTo(unixMs(clock.now() + 1_000));
    expect(filesBelow('tile')).toEqual([
      'tile/0/000',
      'tile/0/001.p/44',
      'tile/1/000.p/1',
      'tile/entries/000',
      'tile/entries/001.p/44',
    ]);
    expect(statSync(join(directory, 'tile/0/000')).size).toBe(8_192);
  });

  it('writes full bundles early when many bytes wait, and keeps no more in memory than it was told', async () => {
    const ledger = await openHere({ maxTailBytes: 100_000 });
    for (let n = 0; n < 4; n++) await ledger.appendAll(Array.from({ length: 256 }, () => Buffer.alloc(500, n)));
    expect(published()).toBe('0');
    expect(filesBelow('tile').filter((path) => path.startsWith('tile/entries'))).toEqual([
      'tile/entries/000',
      'tile/entries/001',
      'tile/entries/002',
    ]);
  });
});

describe('opening again', () => {
  it('finds everything, and goes on', async () => {
    const first = await openHere();
    await first.appendAll(numbered(300));
    const before = first.checkpoint();
    await close(first);
    const second = await openHere();
    expect(second.checkpoint()).toEqual(before);
    await second.appendAll(numbered(300, 300));
    expect(await readAll(second)).toEqual(numbered(600).map(String));
  });

  it('finds everything when all but the newest segments are gone for good', async () => {
    const options = { segmentBytes: 4_000 };
    const first = await openHere(options);
    const entries = numbered(2_000);
    for (let from = 0; from < entries.length; from += 50) await first.appendAll(entries.slice(from, from + 50));
    await clock.advanceTo(unixMs(clock.now() + 1_000));
    await close(first);
    expect(filesBelow('segments').length).toBeLessThan(5);
    const second = await openHere(options);
    expect(await readAll(second)).toEqual(entries.map(String));
    const proof = await second.append(Buffer.from('more'));
    expect(isReceiptFor(Buffer.from('more'), proof)).toBe(true);
    expect(isReceiptFor(entries[3] as Buffer, await second.prove(3))).toBe(true);
  });

  it('is the same log for somebody who only has its public files', async () => {
    const ledger = await openHere();
    const entries = numbered(700);
    await ledger.appendAll(entries);
    await close(ledger);
    rmSync(join(directory, 'segments'), { recursive: true });
    const reader = await openLogReader(LOG_KEY, { objects: folderSource(directory, nodeFileSystem) });
    expect(reader.checkpoint()).toEqual(ledger.checkpoint());
    expect(await readAll(reader)).toEqual(entries.map(String));
    expect(await reader.rootAt(700)).toEqual(ledger.checkpoint().root);
    const wrongKey = { origin: ORIGIN, key: { ...LOG_KEY.key, publicKey: new Uint8Array(32) } };
    const objects = folderSource(directory, nodeFileSystem);
    await expect(openLogReader(wrongKey, { objects })).rejects.toMatchObject({ code: 'wrong_log' });
    await expect(openLogReader({ ...LOG_KEY, origin: 'x' }, { objects })).rejects.toMatchObject({ code: 'wrong_log' });
    rmSync(join(directory, 'tile/entries/001'));
    await expect(readAll(reader)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('refuses the folder of another log, and changes nothing in it', async () => {
    const ledger = await openHere();
    await ledger.append(Buffer.from('a'));
    await close(ledger);
    const before = filesBelow('.').map((path) => [path, readFileSync(join(directory, path), 'hex')]);
    await expect(openHere({ origin: 'another.example/log' })).rejects.toMatchObject({ code: 'wrong_log' });
    const stranger = { name: ORIGIN, ...createSeedSigner(new Uint8Array(32).fill(8)) };
    const modules = { fileSystem: nodeFileSystem, signer: stranger, clock, logger: pino({ level: 'silent' }) };
    await expect(openLedger({ directory, origin: ORIGIN }, modules)).rejects.toMatchObject({ code: 'wrong_log' });
    expect(filesBelow('.').map((path) => [path, readFileSync(join(directory, path), 'hex')])).toEqual(before);
  });
});
