import { LedgerError, type LedgerErrorCode, type LogProof } from '@sextant/oracle/ledger';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/runs.ts';
import { DIRECTORY, isReceiptFor, openOn, readAll } from './ledger-harness.ts';
import { type Fault, type FileCall, LossyDisk } from './lossy-file-system.ts';
import { randomInt, seededRandom } from './seeded-random.ts';

const entry = (text: string): Buffer => Buffer.from(text);
const texts = (entries: readonly Uint8Array[]): string[] => entries.map((bytes) => Buffer.from(bytes).toString());

async function codeOf(promise: Promise<unknown>): Promise<LedgerErrorCode | 'none'> {
  try {
    await promise;
    return 'none';
  } catch (error) {
    if (error instanceof LedgerError) return error.code;
    throw error;
  }
}

function newDisk(seed = 1): LossyDisk {
  return new LossyDisk(seededRandom(seed));
}

/** Fails calls on segments until it has failed `times` of them. */
function failSegments(disk: LossyDisk, operation: FileCall['operation'], fault: Fault, times: number): void {
  let left = times;
  disk.fault = (call) => {
    if (call.operation !== operation || !call.path.includes('/segments') || left === 0) return undefined;
    left -= 1;
    return fault;
  };
}

describe.each([
  ['a write that stores nothing', 'append', { code: 'EIO' }],
  ['a write that stores a part', 'append', { code: 'ENOSPC', writtenBytes: 30 }],
  ['a sync', 'sync', { code: 'EIO' }],
  ['beginning a segment', 'create', { code: 'ENOSPC' }],
  ['a sync of the folder', 'syncDirectory', { code: 'EIO' }],
] as const)('%s that fails', (_name, operation, fault) => {
  const onNewSegment = operation === 'create' || operation === 'syncDirectory';

  it('refuses that group, shows nothing of it, and goes on when the disk does', async () => {
    const disk = newDisk();
    const { ledger } = await openOn(disk.mount());
    if (!onNewSegment) await ledger.append(entry('before'));
    const before = ledger.checkpoint();

    failSegments(disk, operation, fault, 1);
    const refused = [ledger.append(entry('a')), ledger.append(entry('b'))];
    expect(await Promise.all(refused.map(codeOf))).toEqual(['storage_unavailable', 'storage_unavailable']);
    expect(ledger.checkpoint()).toEqual(before);

    const proof = await ledger.append(entry('after'));
    expect(proof.leafIndex).toBe(before.size);
    expect(isReceiptFor(entry('after'), proof)).toBe(true);
    const expected = onNewSegment ? ['after'] : ['before', 'after'];
    expect(texts(await readAll(ledger))).toEqual(expected);

    await ledger.close();
    disk.losePower();
    const again = await openOn(disk.mount());
    expect(texts(await readAll(again.ledger))).toEqual(expected);
    await again.ledger.close();
  });

  it('says what to do, and has the cause', async () => {
    const disk = newDisk();
    const { ledger } = await openOn(disk.mount());
    if (!onNewSegment) await ledger.append(entry('before'));
    failSegments(disk, operation, fault, 1);
    const error: unknown = await ledger.append(entry('a')).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'storage_unavailable', facts: { systemCode: fault.code } });
    expect((error as Error).cause).toMatchObject({ code: fault.code });
    await ledger.close();
  });
});

it('does not bring a refused group back when the process stops before the next append', async () => {
  for (const operation of ['append', 'sync'] as const) {
    const disk = newDisk();
    const { ledger } = await openOn(disk.mount());
    await ledger.append(entry('kept'));
    failSegments(disk, operation, { code: 'EIO', writtenBytes: 9_999 }, 1);
    expect(await codeOf(ledger.append(entry('refused')))).toBe('storage_unavailable');
    const again = await openOn(disk.mount(), {}, {});
    expect(texts(await readAll(again.ledger))).toEqual(['kept']);
  }
});

it('keeps refusing while the disk is full, and works again without a restart when there is room', async () => {
  const disk = newDisk();
  const { ledger, clock } = await openOn(disk.mount(), { segmentBytes: 20_000 });
  const kept: string[] = [];
  const appendAndNote = async (text: string): Promise<boolean> => {
    const code = await codeOf(ledger.append(entry(text)));
    if (code === 'none') kept.push(text);
    clock.advance(300);
    return code === 'none';
  };
  disk.capacityBytes = disk.usedBytes() + 40_000;
  let refused = 0;
  for (let n = 0; refused < 20; n++) {
    if (!(await appendAndNote(`${n} ${'x'.repeat(2_000)}`))) refused += 1;
  }
  expect(kept.length).toBeGreaterThan(3);
  disk.capacityBytes = Number.POSITIVE_INFINITY;
  expect(await appendAndNote('there is room again')).toBe(true);
  expect(texts(await readAll(ledger))).toEqual(kept);
  await ledger.close();
  disk.losePower();
  const again = await openOn(disk.mount());
  expect(texts(await readAll(again.ledger))).toEqual(kept);
  await again.ledger.close();
});

it('keeps a record in its place when the disk fails: behind what was admitted before, before what comes later', async () => {
  const disk = newDisk();
  const { ledger } = await openOn(disk.mount());
  await ledger.append(entry('early'));
  failSegments(disk, 'sync', { code: 'EIO' }, Number.POSITIVE_INFINITY);
  const record = ledger.appendRecord(entry('mark'));
  for (const text of ['same group', 'while it fails', 'still failing']) {
    expect(await codeOf(ledger.append(entry(text)))).toBe('storage_unavailable');
  }
  disk.fault = () => undefined;
  const late = ledger.append(entry('late'));
  expect((await record).leafIndex).toBe(1);
  expect((await late).leafIndex).toBe(2);
  expect(texts(await readAll(ledger))).toEqual(['early', 'mark', 'late']);
  await ledger.close();
});

it('tries a record again by itself', async () => {
  const disk = newDisk();
  const { ledger, clock } = await openOn(disk.mount());
  failSegments(disk, 'sync', { code: 'EIO' }, Number.POSITIVE_INFINITY);
  let leafIndex: number | undefined;
  const record = ledger.appendRecord(entry('mark')).then((proof) => {
    leafIndex = proof.leafIndex;
  });
  while (disk.count('sync', /segments/) < 3) {
    clock.advance(200);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(leafIndex).toBeUndefined();
  disk.fault = () => undefined;
  while (leafIndex === undefined) {
    clock.advance(200);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await record;
  expect(leafIndex).toBe(0);
  await ledger.close();
});

it('refuses a record only when the ledger is closed on a disk that still fails', async () => {
  const disk = newDisk();
  const { ledger } = await openOn(disk.mount());
  failSegments(disk, 'sync', { code: 'EIO' }, Number.POSITIVE_INFINITY);
  const record = codeOf(ledger.appendRecord(entry('mark')));
  await ledger.close();
  expect(await record).toBe('ledger_closed');
  expect(await codeOf(ledger.append(entry('late')))).toBe('ledger_closed');
});

it('gives receipts while tiles cannot be written, and publishes them when they can', async () => {
  const disk = newDisk();
  const { ledger, clock } = await openOn(disk.mount());
  disk.fault = ({ operation, path }) =>
    operation === 'create' && path.includes('/tmp/') ? { code: 'ENOSPC' } : undefined;
  for (let n = 0; n < 300; n++) {
    await ledger.append(entry(`entry ${n}`));
    clock.advance(100);
  }
  const fileSystem = disk.mount();
  expect(await fileSystem.list(`${DIRECTORY}/tile/0`)).toEqual([]);
  disk.fault = () => undefined;
  while (!(await fileSystem.list(`${DIRECTORY}/tile/0`)).includes('000')) {
    clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(isReceiptFor(entry('entry 7'), await ledger.prove(7))).toBe(true);
  await ledger.close();
});

/** Any calls fail in any way for a while; then the disk is well again. */
async function surviveFaults(seed: number): Promise<void> {
  const random = seededRandom(seed);
  const disk = new LossyDisk(random);
  const small = { segmentBytes: 3_000, maxTailBytes: 10_000 };
  const { ledger, clock } = await openOn(disk.mount(), small);
  const proofs: { text: string; proof: LogProof }[] = [];
  const refused = new Set<string>();
  const pending: Promise<unknown>[] = [];
  for (let round = 0; round < 30; round++) {
    const rate = round % 10 < 4 ? 0 : random() * 0.5;
    disk.fault = () =>
      random() < rate ? { code: random() < 0.5 ? 'EIO' : 'ENOSPC', writtenBytes: randomInt(random, 400) } : undefined;
    for (let n = randomInt(random, 12); n > 0; n--) {
      const text = `${round}.${n} ${'y'.repeat(randomInt(random, 90))}`;
      const settled = ledger.append(entry(text)).then(
        (proof) => void proofs.push({ text, proof }),
        () => void refused.add(text),
      );
      pending.push(settled);
    }
    if (random() < 0.3) await Promise.all(pending);
    clock.advance(randomInt(random, 1_200));
    await new Promise((resolve) => setImmediate(resolve));
  }
  disk.fault = () => undefined;
  await Promise.all(pending);
  const check = (entries: string[]) => {
    expect(entries.filter((text) => refused.has(text))).toEqual([]);
    expect([...proofs].sort((a, b) => a.proof.leafIndex - b.proof.leafIndex).map(({ text }) => text)).toEqual(entries);
  };
  check(texts(await readAll(ledger)));
  await ledger.close();
  disk.losePower();
  const again = await openOn(disk.mount(), small);
  check(texts(await readAll(again.ledger)));
  expect(proofs.every(({ text, proof }) => isReceiptFor(entry(text), proof))).toBe(true);
  await again.ledger.close();
}

it(`stores what it acknowledged and nothing it refused, on ${runs(200)} failing disks`, async () => {
  for (let seed = 1; seed <= runs(200); seed++) {
    try {
      await surviveFaults(seed);
    } catch (error) {
      throw new Error(`disk with seed ${seed}`, { cause: error });
    }
  }
}, 300_000);
