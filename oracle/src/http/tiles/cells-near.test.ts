import { cellToBoundary, cellToChildren, cellToLatLng, getPentagons, getRes0Cells, greatCircleDistance } from 'h3-js';
import { expect, it } from 'vitest';
import { circleRadiusDegrees } from './cells-near.ts';

it('a cell and its descendants lie in the circle that stands for it', () => {
  for (let resolution = 0; resolution <= 8; resolution += 1) {
    const spread = getRes0Cells().filter((_, index) => index % 6 === 0);
    const some = [
      ...spread.flatMap((cell) => descendantsOf(cell, resolution)),
      ...getPentagons(resolution).slice(0, 3),
    ];
    for (const cell of some) {
      const centre = cellToLatLng(cell);
      for (const inner of [cell, ...cellToChildren(cell, Math.min(9, resolution + 2))]) {
        for (const corner of cellToBoundary(inner)) {
          const degrees = (greatCircleDistance(centre, corner, 'rads') * 180) / Math.PI;
          expect(degrees).toBeLessThan(circleRadiusDegrees(resolution));
        }
      }
    }
  }
});

/** One descendant a base cell, along alternating digits, so that the samples spread over the globe. */
function descendantsOf(cell: string, resolution: number): string[] {
  let current = cell;
  for (let step = 1; step <= resolution; step += 1) {
    const inside = cellToChildren(current, step);
    current = inside[(step * 3) % inside.length] ?? current;
  }
  return [current];
}
