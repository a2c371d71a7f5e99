import fc from 'fast-check';
import { cellToParent, getPentagons, getResolution, latLngToCell } from 'h3-js';
import { expect, it } from 'vitest';
import { cellFromFeatureId, cellResolution, featureIdFromCell, liesIn } from './hex-id.ts';

const place = fc.record({
  lat: fc.double({ min: -90, max: 90, noNaN: true }),
  lng: fc.double({ min: -180, max: 180, noNaN: true }),
  resolution: fc.integer({ min: 0, max: 15 }),
});

it('finds the cell of a feature again, at every resolution', () => {
  fc.assert(
    fc.property(place, ({ lat, lng, resolution }) => {
      const cell = latLngToCell(lat, lng, resolution);
      expect(cellFromFeatureId(featureIdFromCell(cell))).toBe(cell);
      expect(cellResolution(cell)).toBe(getResolution(cell));
    }),
  );
});

it('finds pentagons again', () => {
  for (const cell of getPentagons(9)) expect(cellFromFeatureId(featureIdFromCell(cell))).toBe(cell);
});

it('knows what lies in a hexagon', () => {
  fc.assert(
    fc.property(place, place, (one, other) => {
      const cell = latLngToCell(one.lat, one.lng, 9);
      const outer = latLngToCell(other.lat, other.lng, Math.min(9, other.resolution));
      expect(liesIn(cell, cellToParent(cell, getResolution(outer)))).toBe(true);
      expect(liesIn(cell, outer)).toBe(cellToParent(cell, getResolution(outer)) === outer);
    }),
  );
});
