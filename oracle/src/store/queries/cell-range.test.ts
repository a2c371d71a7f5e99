import fc from 'fast-check';
import { cellToChildren, getRes0Cells, latLngToCell } from 'h3-js';
import { expect, test } from 'vitest';
import { cellsWithin } from './cell-range.ts';

const toBigint = (cell: string): bigint => BigInt(`0x${cell}`);

test('the range holds exactly the children H3 names, pentagons too', () => {
  const place = fc.tuple(
    fc.double({ min: -90, max: 90, noNaN: true }),
    fc.double({ min: -180, max: 180, noNaN: true }),
  );
  fc.assert(
    fc.property(place, fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 3 }), ([lat, lng], own, finer) => {
      expectChildren(latLngToCell(lat, lng, own), own + finer);
    }),
    { numRuns: 100 },
  );
  for (const cell of getRes0Cells()) expectChildren(cell, 2);
});

function expectChildren(cell: string, resolution: number): void {
  const children = cellToChildren(cell, resolution).map(toBigint);
  const range = cellsWithin(toBigint(cell), resolution);
  if (range === undefined) throw new Error('no range');
  expect(children.every((child) => range.first <= child && child <= range.last)).toBe(true);
  const sorted = children.toSorted((a, b) => (a < b ? -1 : 1));
  expect(sorted[0]).toBe(range.first);
  expect(sorted.at(-1)).toBe(range.last);
}

test('two cells of one resolution have ranges that do not meet', () => {
  const ranges = getRes0Cells().map((cell) => cellsWithin(toBigint(cell), 9));
  const sorted = ranges.toSorted((a, b) => ((a?.first ?? 0n) < (b?.first ?? 0n) ? -1 : 1));
  for (const [i, range] of sorted.entries()) {
    const next = sorted[i + 1];
    if (next !== undefined) expect((range?.last ?? 0n) < (next.first ?? 0n)).toBe(true);
  }
});

test('a cell has no cells of a coarser resolution in it', () => {
  expect(cellsWithin(toBigint(latLngToCell(49.2, 16.6, 9)), 8)).toBeUndefined();
  const cell = toBigint(latLngToCell(49.2, 16.6, 9));
  expect(cellsWithin(cell, 9)).toEqual({ first: cell, last: cell });
});
