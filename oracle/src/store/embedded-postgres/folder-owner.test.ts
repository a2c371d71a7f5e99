import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StoreError } from '../store-error.ts';
import { takeFolder } from './folder-owner.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sextant-owner-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a folder has one owner, named in the refusal', () => {
  takeFolder(folder);
  expect(() => takeFolder(folder)).toThrowError(
    expect.objectContaining({ code: 'folder_in_use', facts: { folder, pid: process.pid } }) as StoreError,
  );
});

test('a released folder is free, and its number is not used again', () => {
  const first = takeFolder(folder);
  first.release();
  const second = takeFolder(folder);
  expect(second.file).toBe(first.successorFile);
  expect(readdirSync(folder)).toEqual(['owner.2']);
});

test('a dead owner, and one whose pid now belongs to another process, hold nothing', () => {
  writeFileSync(join(folder, 'owner.7'), '4000000\nsome-boot/1\n');
  takeFolder(folder).release();
  writeFileSync(join(folder, 'owner.9'), `${process.pid}\nsome-boot/1\n`);
  expect(takeFolder(folder).file).toBe(join(folder, 'owner.10'));
  expect(readFileSync(join(folder, 'owner.10'), 'utf8').split('\n')[0]).toBe(String(process.pid));
});

test('a torn or foreign file in the folder is no owner', () => {
  writeFileSync(join(folder, 'owner.3'), '');
  writeFileSync(join(folder, 'owner.x'), String(process.pid));
  expect(takeFolder(folder).file).toBe(join(folder, 'owner.4'));
});
