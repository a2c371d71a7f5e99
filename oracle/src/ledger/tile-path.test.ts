import { expect, it } from 'vitest';
import { bundlePath, partialsPath, tilePath, tileWidth } from './tile-path.ts';

// The examples of https://c2sp.org/tlog-tiles.
it('writes an index in groups of three digits', () => {
  expect(tilePath(0, 1_234_067)).toBe('tile/0/x001/x234/067');
  expect(tilePath(2, 0)).toBe('tile/2/000');
  expect(tilePath(63, 999)).toBe('tile/63/999');
  expect(tilePath(1, 1_000)).toBe('tile/1/x001/000');
  expect(bundlePath(1_234_067)).toBe('tile/entries/x001/x234/067');
});

it('marks partial ones with their width', () => {
  expect(tilePath(1, 273, 17)).toBe('tile/1/273.p/17');
  expect(bundlePath(0, 1)).toBe('tile/entries/000.p/1');
  expect(partialsPath(bundlePath(0))).toBe('tile/entries/000.p');
});

it('has the tiles of a tree of 70,000 entries', () => {
  expect([272, 273, 274].map((index) => tileWidth(0, index, 70_000))).toEqual([256, 112, 0]);
  expect([0, 1, 2].map((index) => tileWidth(1, index, 70_000))).toEqual([256, 17, 0]);
  expect([0, 1].map((index) => tileWidth(2, index, 70_000))).toEqual([1, 0]);
  expect(tileWidth(3, 0, 70_000)).toBe(0);
});

it('has a full tile and a partial one above it at 256 entries', () => {
  expect([tileWidth(0, 0, 256), tileWidth(0, 1, 256), tileWidth(1, 0, 256)]).toEqual([256, 0, 1]);
});
