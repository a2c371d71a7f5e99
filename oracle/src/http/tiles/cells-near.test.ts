import { cellToBoundary, cellToChildren, cellToLatLng, getPentagons, getRes0Cells, greatCircleDistance } from 'h3-js';
import { expect, it } from 'vitest';
import { circleRadiusDegrees } from './cells-near.ts';

it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
  'a cell of resolution %i and its descendants lie in the circle that stands for it',
  (resolution) => {
    const spread = getRes0Cells().filter((_, index) => index % 6 === 0);
    const some = [
      ...spread.flatMap((cell) => descendantsOf(cell, resolution)),
      ...getPentagons(resolution).slice(0, 2),
    ];
    const farthest = some.map((cell) => {
      const centre = cellToLatLng(cell);
      const corners = [cell, ...cellToChildren(cell, Math.min(9, resolution + 2))].flatMap((inner) =>
        cellToBoundary(inner),
      );
      return Math.max(...corners.map((corner) => greatCircleDistance(centre, corner, 'rads'))) * (180 / Math.PI);
    });
    expect(Math.max(...farthest)).toBeLessThan(circleRadiusDegrees(resolution));
  },
);

/** One descendant a base cell, along alternating digits, so that the samples spread over the globe. */
function descendantsOf(cell: string, resolution: number): string[] {
  let current = cell;
  for (let step = 1; step <= resolution; step += 1) {
    const inside = cellToChildren(current, step);
    current = inside[(step * 3) % inside.length] ?? current;
  }
  return [current];
}
