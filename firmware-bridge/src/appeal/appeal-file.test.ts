import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppealStatement } from '../protocol/index.ts';
import { AppealError, formatAppealFile, parseOwnerSignature, readAppealFile } from './appeal-file.ts';

const statement: AppealStatement = {
  networkId: 'test-net',
  key: new Uint8Array(32).fill(7),
  accusation: 'unheard_cluster',
  epoch: 12,
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'appeal-file-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string) {
  const path = join(folder, 'appeal.json');
  await writeFile(path, text);
  return readAppealFile(path);
}

describe('the file an owner signs', () => {
  it('is read as it was written, with a signature or without', async () => {
    expect(await read(formatAppealFile(statement))).toEqual({ statement });
    const said = { ...statement, statementHash: new Uint8Array(32).fill(3) };
    const signed = { ...(JSON.parse(formatAppealFile(said)) as object), signature: '0xabcd' };
    expect(await read(JSON.stringify(signed))).toEqual({ statement: said, signature: '0xabcd' });
  });

  it.each<[string, string]>([
    ['no JSON', 'hello'],
    ['nothing', ''],
    ['other typed data', formatAppealFile(statement).replaceAll('Appeal', 'Permit')],
    ['an accusation there is not', formatAppealFile(statement).replace('unheard_cluster', 'rude')],
    ['a short key', formatAppealFile(statement).replace('07'.repeat(32), '07'.repeat(31))],
    ['an epoch that is none', formatAppealFile(statement).replace('"epoch": 12', '"epoch": -12')],
    ['more than any appeal', ' '.repeat(70_000)],
  ])('is refused with advice when it holds %s', async (_, text) => {
    await expect(read(text)).rejects.toThrow(/--write FILE/);
  });

  it('is asked for when it is not there', async () => {
    await expect(readAppealFile(join(folder, 'absent.json'))).rejects.toThrow(AppealError);
  });
});

describe('an owner’s signature', () => {
  const digits = '11'.repeat(64);
  it.each([
    ['00', 27],
    ['01', 28],
    ['1b', 27],
    ['1C', 28],
  ])('ends as wallets write it: %s', (v, expected) => {
    expect(parseOwnerSignature(` 0x${digits}${v}\n`)[64]).toBe(expected);
  });

  it.each(['', '0x', digits, `0x${digits}1b00`, `0x${'zz'.repeat(65)}`])('is none: %s', (text) => {
    expect(() => parseOwnerSignature(text)).toThrow(AppealError);
  });
});
