import { verifyConsistency } from '@sextant/firmware-bridge/protocol';
import type { Ledger, LogProof } from '@sextant/oracle/ledger';
import { describe, expect, it } from 'vitest';
import { noteFaults } from '../support/faults.ts';
import { runs } from '../support/runs.ts';
import { isReceiptFor, openOn, readAll } from './ledger-harness.ts';
import type { LooseClock } from './loose-clock.ts';
import { LossyDisk } from './lossy-file-system.ts';
import { type Random, randomInt, seededRandom } from './seeded-random.ts';

const CRASHES = 200;
const CRASHES_PER_DISK = 5;
const SMALL = { segmentBytes: 6_000, maxTailBytes: 20_000 };

/** What the outside world saw of a log over all crashes. */
interface Witness {
  readonly random: Random;
  readonly receipts: { readonly entry: Buffer; readonly proof: LogProof; isVerified?: boolean }[];
  readonly batches: string[][];
  written: number;
}

function newEntry(witness: Witness): Buffer {
  witness.written += 1;
  const length = randomInt(witness.random, 50) === 0 ? 9_000 : randomInt(witness.random, 120);
  return Buffer.concat([Buffer.from(`entry ${witness.written} `), Buffer.alloc(length, witness.written)]);
}

/** Appends in every way there is, moves the clock, and notes each receipt; ends with the power. */
async function work(ledger: Ledger, clock: LooseClock, witness: Witness, isOver: () => boolean): Promise<void> {
  const note = (entry: Buffer) => (proof: LogProof) => void witness.receipts.push({ entry, proof });
  const ignore = () => undefined;
  while (!isOver()) {
    const batch = Array.from({ length: 1 + randomInt(witness.random, 12) }, () => newEntry(witness));
    const [first] = batch as [Buffer];
    switch (randomInt(witness.random, 4)) {
      case 0:
        for (const entry of batch) ledger.append(entry).then(note(entry), ignore);
        break;
      case 1:
        witness.batches.push(batch.map(String));
        ledger.appendAll(batch).then((proofs) => {
          for (const [at, entry] of batch.entries()) note(entry)(proofs[at] as LogProof);
        }, ignore);
        break;
      case 2:
        ledger.appendRecord(first).then(note(first), ignore);
        break;
      default:
        clock.advance(randomInt(witness.random, 1_500));
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function assertNothingLost(ledger: Ledger, witness: Witness): Promise<void> {
  const entries = (await readAll(ledger)).map((bytes) => Buffer.from(bytes).toString());
  expect(entries).toHaveLength(ledger.size);
  expect(new Set(entries).size, 'an entry stands in the log twice').toBe(entries.length);
  for (const receipt of witness.receipts) {
    const { entry, proof } = receipt;
    if (entries[proof.leafIndex] !== String(entry)) throw new Error(`entry ${proof.leafIndex} was receipted and lost`);
    if (receipt.isVerified) continue;
    receipt.isVerified = true;
    if (!isReceiptFor(entry, proof)) throw new Error(`the receipt of entry ${proof.leafIndex} is wrong`);
    if (randomInt(witness.random, 10) > 0) continue;
    const fresh = await ledger.prove(proof.leafIndex);
    if (!isReceiptFor(entry, fresh)) throw new Error(`the fresh proof of entry ${proof.leafIndex} is wrong`);
  }
  const places = new Map(entries.map((entry, at) => [entry, at]));
  for (const batch of witness.batches) {
    const first = places.get(batch[0] as string);
    const expected = batch.map((_, at) => (first === undefined ? undefined : first + at));
    expect(
      batch.map((entry) => places.get(entry)),
      'a batch was torn apart',
    ).toEqual(expected);
  }
}

/** Every checkpoint that was given out is a prefix of the log as it is now. */
async function assertAppendOnly(ledger: Ledger, seen: { size: number; root: Uint8Array }[]): Promise<void> {
  const { size, root } = ledger.checkpoint();
  for (const old of seen) {
    const proof = await ledger.consistencyProof(old.size, size);
    expect(verifyConsistency({ oldSize: old.size, oldRoot: old.root, newSize: size, newRoot: root }, proof)).toBe(true);
  }
  seen.push({ size, root });
}

async function crashUntilWorn(seed: number): Promise<{ receipts: number; entries: number }> {
  const random = seededRandom(seed);
  const disk = new LossyDisk(random);
  const witness: Witness = { random, receipts: [], batches: [], written: 0 };
  const seen: { size: number; root: Uint8Array }[] = [];
  let entries = 0;
  for (let crash = 0; crash < CRASHES_PER_DISK; crash++) {
    let isOff = false;
    const powerLoss = disk.powerLoss().then(() => {
      isOff = true;
    });
    disk.losesPowerAtCall = disk.calls.length + 1 + randomInt(random, 400);
    const life = openOn(disk.mount(), SMALL).then(({ ledger, clock }) => work(ledger, clock, witness, () => isOff));
    await Promise.race([life, powerLoss]);
    await powerLoss;

    const { ledger } = await openOn(disk.mount(), SMALL);
    await assertNothingLost(ledger, witness);
    await assertAppendOnly(ledger, seen);
    entries = ledger.size;
    const { size, root, note } = ledger.checkpoint();
    if (random() < 0.5) await ledger.close();
    else disk.losePower();
    const again = await openOn(disk.mount(), SMALL);
    expect(again.ledger.checkpoint(), 'recovering twice is not recovering once').toMatchObject({ size, root, note });
    await again.ledger.close();
  }
  return { receipts: witness.receipts.length, entries };
}

describe(`${runs(CRASHES)} power losses`, () => {
  it('lose nothing that was receipted, store nothing twice, and contradict no checkpoint', async () => {
    let receipts = 0;
    for (let disk = 1; disk <= runs(CRASHES) / CRASHES_PER_DISK; disk++) {
      try {
        receipts += (await crashUntilWorn(disk)).receipts;
      } catch (error) {
        throw new Error(`disk with seed ${disk}`, { cause: error });
      }
    }
    expect(receipts).toBeGreaterThan(runs(CRASHES));
    noteFaults('power_loss', runs(CRASHES));
  }, 300_000);
});

it('leaves no hole when the power goes while segments are given up', async () => {
  for (let seed = 1; seed <= runs(100); seed++) {
    const random = seededRandom(seed);
    const disk = new LossyDisk(random);
    const { ledger, clock } = await openOn(disk.mount(), { segmentBytes: 2_000 });
    const texts = Array.from({ length: 600 }, (_, at) => `entry ${at}`);
    for (let from = 0; from < texts.length; from += 15) {
      await ledger.appendAll(texts.slice(from, from + 15).map((text) => Buffer.from(text)));
    }
    let removals = 1 + randomInt(random, 3);
    disk.fault = ({ operation, path, number }) => {
      if (operation === 'remove' && path.endsWith('.seg')) removals -= 1;
      if (removals === 0) disk.losesPowerAtCall = Math.min(disk.losesPowerAtCall, number + 1 + randomInt(random, 2));
      return undefined;
    };
    const powerLoss = disk.powerLoss();
    clock.advance(1_000);
    await powerLoss;
    disk.fault = () => undefined;
    const again = await openOn(disk.mount(), SMALL);
    expect(
      (await readAll(again.ledger)).map((bytes) => Buffer.from(bytes).toString()),
      `seed ${seed}`,
    ).toEqual(texts);
    await again.ledger.close();
  }
  noteFaults('power_loss', runs(100));
});
