import { createManualClock } from '@sextant/firmware-bridge/clock';
import { unixMs } from '@sextant/firmware-bridge/protocol';
import { describe, expect, it } from 'vitest';
import { GroupCommit, type GroupCommitOptions } from './group-commit.ts';
import { LedgerError } from './ledger-error.ts';

const OPTIONS: GroupCommitOptions = {
  maxGroupEntries: 1_024,
  maxGroupBytes: 1_000_000,
  maxQueuedBytes: 4_000_000,
  gatherMs: 0,
  retryMs: 1_000,
};

/** A disk whose syncs return when the test says so. */
function startWith(options: Partial<GroupCommitOptions> = {}) {
  const groups: string[][] = [];
  const syncs: ((fails?: boolean) => void)[] = [];
  const clock = createManualClock();
  let count = 0;
  const commit = async (entries: readonly Uint8Array[]): Promise<number[]> => {
    groups.push(entries.map((entry) => Buffer.from(entry).toString()));
    await new Promise<void>((resolve, reject) => {
      syncs.push((fails) => (fails ? reject(new LedgerError('storage_unavailable', 'full')) : resolve()));
    });
    return entries.map(() => count++);
  };
  const groupCommit = new GroupCommit<number>({ ...OPTIONS, ...options }, { clock, commit });
  const submit = async (...texts: string[]) =>
    groupCommit.submit(
      texts.map((text) => Buffer.from(text)),
      false,
    );
  return { groupCommit, groups, syncs, submit, clock };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
const turns = async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe('self-clocking', () => {
  it('starts the next group when the last sync returns, with everything that came meanwhile', async () => {
    const { groups, syncs, submit } = startWith();
    const first = submit('a');
    await until(() => groups.length === 1);
    const meanwhile = [submit('b'), submit('c'), submit('d')];
    await turns();
    expect(groups, 'no second group while the first is being synced').toEqual([['a']]);
    syncs[0]?.();
    expect(await first).toEqual([0]);
    await until(() => groups.length === 2);
    expect(groups[1]).toEqual(['b', 'c', 'd']);
    syncs[1]?.();
    expect(await Promise.all(meanwhile)).toEqual([[1], [2], [3]]);
  });

  it('needs no clock: an idle ledger starts with what came in one turn', async () => {
    const { groups, submit, syncs } = startWith();
    const all = Promise.all([submit('a'), submit('b')]);
    await until(() => groups.length === 1);
    expect(groups).toEqual([['a', 'b']]);
    syncs[0]?.();
    await all;
  });

  it('resolves nothing before its sync has returned', async () => {
    const { groups, submit, syncs } = startWith();
    let isSettled = false;
    const done = submit('a').then(() => {
      isSettled = true;
    });
    await until(() => groups.length === 1);
    await turns();
    expect(isSettled).toBe(false);
    syncs[0]?.();
    await done;
  });
});

describe('ceilings', () => {
  it('holds at most so many entries a group, and never tears a batch apart', async () => {
    const { groups, syncs, submit } = startWith({ maxGroupEntries: 4 });
    const all = Promise.all([submit('a', 'b', 'c'), submit('d', 'e'), submit('f'), submit('g')]);
    for (let sync = 0; sync < 2; sync++) {
      await until(() => syncs.length > sync);
      syncs[sync]?.();
    }
    expect(await all).toEqual([[0, 1, 2], [3, 4], [5], [6]]);
    expect(groups).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e', 'f', 'g'],
    ]);
  });

  it('waits for company no longer than it is told, and not at all when the group is full', async () => {
    const { groups, syncs, submit, clock } = startWith({ gatherMs: 50, maxGroupEntries: 3 });
    const first = Promise.all([submit('a'), submit('b')]);
    await turns();
    await clock.advanceTo(unixMs(clock.now() + 49));
    expect(groups).toEqual([]);
    await clock.advanceTo(unixMs(clock.now() + 1));
    await until(() => groups.length === 1);
    syncs[0]?.();
    await first;
    await turns();
    const full = Promise.all([submit('c'), submit('d'), submit('e')]);
    await until(() => groups.length === 2);
    syncs[1]?.();
    await full;
    expect(groups).toEqual([
      ['a', 'b'],
      ['c', 'd', 'e'],
    ]);
  });

  it('refuses what no group can hold, and what the queue cannot', async () => {
    const { groupCommit, submit, syncs, groups } = startWith({ maxGroupEntries: 2, maxQueuedBytes: 1_000 });
    await expect(submit('a', 'b', 'c')).rejects.toMatchObject({ code: 'batch_too_large' });
    await expect(groupCommit.submit([new Uint8Array(65_536)], false)).rejects.toMatchObject({
      code: 'entry_too_large',
    });
    const accepted = Promise.all([submit('a'), submit('b'), submit('c')]);
    await expect(submit('d')).rejects.toMatchObject({ code: 'queue_full' });
    const record = groupCommit.submit([Buffer.from('mark')], true);
    for (let sync = 0; sync < 2; sync++) {
      await until(() => syncs.length > sync);
      syncs[sync]?.();
    }
    await accepted;
    await record;
    expect(groups).toEqual([
      ['a', 'b'],
      ['c', 'mark'],
    ]);
    expect(await submit()).toEqual([]);
  });
});

describe('a failing disk', () => {
  it('refuses the group and takes the next one', async () => {
    const { groups, syncs, submit } = startWith();
    const refused = submit('a');
    await until(() => groups.length === 1);
    const next = submit('b');
    syncs[0]?.(true);
    await expect(refused).rejects.toMatchObject({ code: 'storage_unavailable' });
    await until(() => groups.length === 2);
    syncs[1]?.();
    expect(await next).toEqual([0]);
  });

  it('keeps a persistent batch at the head of the queue', async () => {
    const { groupCommit, groups, syncs, submit } = startWith();
    const mark = groupCommit.submit([Buffer.from('mark')], true);
    const refused = submit('a');
    await until(() => groups.length === 1);
    const late = submit('b');
    syncs[0]?.(true);
    await expect(refused).rejects.toMatchObject({ code: 'storage_unavailable' });
    await until(() => groups.length === 2);
    expect(groups[1]).toEqual(['mark', 'b']);
    syncs[1]?.();
    expect([await mark, await late]).toEqual([[0], [1]]);
  });

  it('tries a persistent batch again after the pause, and not before', async () => {
    const { groupCommit, groups, syncs, clock } = startWith();
    const mark = groupCommit.submit([Buffer.from('mark')], true);
    await until(() => groups.length === 1);
    syncs[0]?.(true);
    await turns();
    await clock.advanceTo(unixMs(clock.now() + 999));
    expect(groups).toHaveLength(1);
    await clock.advanceTo(unixMs(clock.now() + 1));
    await until(() => groups.length === 2);
    syncs[1]?.();
    expect(await mark).toEqual([0]);
  });
});

it('stores what is queued when it is closed, and refuses what comes later', async () => {
  const { groupCommit, groups, syncs, submit } = startWith({ gatherMs: 50 });
  const accepted = submit('a');
  const closing = groupCommit.close();
  await expect(submit('b')).rejects.toMatchObject({ code: 'ledger_closed' });
  await until(() => groups.length === 1);
  syncs[0]?.();
  expect(await accepted).toEqual([0]);
  await closing;
});
