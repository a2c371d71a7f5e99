import { getHexagonEdgeLengthAvg, UNITS } from 'h3-js';
import { expect, it } from 'vitest';
import { TILE_MAX_ZOOM } from '../../api/index.ts';
import { resolutionAt } from './zoom-rule.ts';

const EQUATOR_KM = 40_075;
const LATITUDE_OF_MOST_PEOPLE = 48;

it('shows hexagons of 9 to 31 pixels at every zoom and half zoom', () => {
  for (let zoom = 0; zoom <= TILE_MAX_ZOOM; zoom += 1) {
    const kmPerPixel = (EQUATOR_KM * Math.cos((LATITUDE_OF_MOST_PEOPLE * Math.PI) / 180)) / (512 * 2 ** zoom);
    const widthPx = (2 * getHexagonEdgeLengthAvg(resolutionAt(zoom), UNITS.km)) / kmPerPixel;
    expect(widthPx, `zoom ${zoom}`).toBeGreaterThan(9);
    expect(widthPx, `zoom ${zoom}`).toBeLessThan(63);
  }
});

it('has no tiles beyond the last zoom', () => {
  expect(() => resolutionAt(13)).toThrow(RangeError);
});
