import fc from 'fast-check';
import { cellToLatLng, cellToParent, latLngToCell } from 'h3-js';
import { expect, test } from 'vitest';
import type { Bounds } from '../../api/index.ts';
import { coverBox, mayTouch, toBox } from './box-cover.ts';

const degrees = (max: number) => fc.double({ min: -max, max, noNaN: true });
const boxes: fc.Arbitrary<Bounds> = fc
  .tuple(
    degrees(180),
    degrees(90),
    fc.double({ min: 0, max: 360, noNaN: true }),
    fc.double({ min: 0, max: 180, noNaN: true }),
  )
  .map(([west, south, width, height]) => {
    const east = west + width > 180 ? Math.max(-180, west + width - 360) : west + width;
    return [west, south, east, Math.min(90, south + height)];
  });
const toBigint = (cell: string): bigint => BigInt(`0x${cell}`);

test('a point in the box is in a cell that the cover holds and that may touch the box', () => {
  fc.assert(
    fc.property(
      boxes,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom(8, 9, 10),
      (bounds, x, y, resolution) => {
        const box = toBox(bounds);
        const lat = box.south + y * (box.north - box.south);
        const lng = box.west + x * (box.east - box.west);
        const cell = latLngToCell(lat, lng, resolution);
        expect(mayTouch(toBigint(cell), box)).toBe(true);
        const cover = coverBox(box);
        if (cover === undefined) return;
        expect(cover.length).toBeLessThan(1_000);
        const held = new Set(cover);
        const parents = Array.from({ length: 9 }, (_, i) => toBigint(cellToParent(cell, i)));
        expect(parents.some((parent) => held.has(parent))).toBe(true);
      },
    ),
    { numRuns: 100 },
  );
});

test('a box far away is not touched', () => {
  const cell = latLngToCell(49.2, 16.6, 9);
  const [lat, lng] = cellToLatLng(cell);
  expect(mayTouch(toBigint(cell), toBox([lng + 0.02, lat, lng + 0.03, lat + 0.01]))).toBe(false);
  expect(mayTouch(toBigint(cell), toBox([170, 40, -170, 60]))).toBe(false);
});

test('the whole world needs no cover', () => {
  expect(coverBox(toBox([-180, -90, 180, 90]))).toBeUndefined();
});
