import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EpochStatement } from '@sextant/contracts-client/encoding';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DoubleVoteError, VoteBook, VoteBookError } from './vote-book.ts';

const statement = (changes: Partial<EpochStatement> = {}): EpochStatement => ({
  epoch: 7,
  attempt: 0,
  setId: 1,
  prevRoot: new Uint8Array(32),
  summaryHash: new Uint8Array(32).fill(1),
  root: new Uint8Array(32).fill(2),
  total: 5n,
  ...changes,
});
const other = statement({ total: 6n });

describe('the book of votes', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'votes-'));
    path = join(folder, 'settlement', 'votes');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('lets one content be signed for an attempt, also after a start', async () => {
    const book = await VoteBook.open(path);
    await book.record(statement());
    await book.record(statement());
    await expect(book.record(other)).rejects.toBeInstanceOf(DoubleVoteError);
    await book.close();
    const again = await VoteBook.open(path);
    await again.record(statement());
    await expect(again.record(other)).rejects.toMatchObject({ epoch: 7, attempt: 0 });
    expect([again.firstFree(statement()), again.firstFree(other)]).toEqual([0, 1]);
    await again.record({ ...other, attempt: 1 });
    // The same content is another vote at another attempt, and one under another set is another content.
    expect(again.firstFree(statement({ setId: 2 }))).toBe(2);
    await again.close();
  });

  it('forgets a vote that was cut off: it was not signed yet', async () => {
    const book = await VoteBook.open(path);
    await book.record(statement({ epoch: 6 }));
    await book.record(statement());
    await book.close();
    await truncate(path, 150);
    const again = await VoteBook.open(path);
    await again.record(other);
    await again.close();
    const third = await VoteBook.open(path);
    await expect(third.record(statement())).rejects.toBeInstanceOf(DoubleVoteError);
    await expect(third.record({ ...other, epoch: 6 })).rejects.toBeInstanceOf(DoubleVoteError);
    await third.close();
  });

  it('is not used when it is damaged: that could cost the bond', async () => {
    await (await VoteBook.open(path)).close();
    await writeFile(path, 'no vote\n');
    await expect(VoteBook.open(path)).rejects.toBeInstanceOf(VoteBookError);
    await writeFile(path, '');
    await appendFile(path, `${JSON.stringify({ epoch: 1, attempt: 0, structHash: 'ff' })}\n`);
    await expect(VoteBook.open(path)).rejects.toBeInstanceOf(VoteBookError);
  });
});
