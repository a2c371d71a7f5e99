import fc from 'fast-check';
import { latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { FINEST, type Place, PlaceGrid } from './place-grid.ts';

const grid = new PlaceGrid(new Map());
const anywhere = fc
  .record({ lat: fc.integer({ min: -85, max: 85 }), lng: fc.integer({ min: -180, max: 180 }) })
  .map(({ lat, lng }) => BigInt(`0x${latLngToCell(lat, lng, 9)}`));

function farthest(from: Place, place: Place, levels: number): number {
  const here = Math.hypot(from.x - place.x, from.y - place.y, from.z - place.z);
  if (levels === 0) return here;
  return Math.max(...grid.childrenOf(place).map((child) => farthest(from, child, levels - 1)));
}

describe('the cells of a search', () => {
  it('reach as far as the centres below them lie, anywhere on earth', () => {
    fc.assert(
      fc.property(anywhere, (cell) => {
        const [place] = grid.around([cell], 0) as [Place];
        expect(farthest(place, place, FINEST - 5)).toBeLessThanOrEqual(place.reach);
        for (const child of grid.childrenOf(place)) {
          expect(farthest(child, child, FINEST - 6)).toBeLessThanOrEqual(child.reach);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('lie around every cell asked for, each once, ascending', () => {
    const brno = [49.2, 49.21, 50.1].map((lat) => BigInt(`0x${latLngToCell(lat, 16.6, 9)}`));
    const places = grid.around(brno, 2);
    expect(places.length).toBeGreaterThan(19);
    expect(places.every(({ cell }, i) => i === 0 || cell > (places[i - 1] as Place).cell)).toBe(true);
  });
});
