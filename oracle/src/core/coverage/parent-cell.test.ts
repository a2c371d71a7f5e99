import fc from 'fast-check';
import { cellToParent, latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { parentCell, resolutionOf } from './parent-cell.ts';

const cells = fc
  .tuple(fc.double({ min: -90, max: 90, noNaN: true }), fc.double({ min: -180, max: 180, noNaN: true }), fc.nat(15))
  .map(([lat, lng, resolution]) => latLngToCell(lat, lng, resolution));

describe('parent cell', () => {
  it('is the one h3-js names, at every resolution', () => {
    fc.assert(
      fc.property(cells, (text) => {
        const cell = BigInt(`0x${text}`);
        for (let resolution = 0; resolution <= resolutionOf(cell); resolution++) {
          expect(parentCell(cell, resolution).toString(16)).toBe(cellToParent(text, resolution));
        }
      }),
    );
  });

  it('does not exist at a finer resolution', () => {
    const cell = BigInt(`0x${latLngToCell(49.2, 16.6, 9)}`);
    expect(() => parentCell(cell, 10)).toThrow(RangeError);
    expect(() => parentCell(cell, -1)).toThrow(RangeError);
  });
});
