import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EARTH_RADIUS_DM } from '../geometry/distance.ts';
import { buildPathLoss, lossIndex, unitsOf } from './path-loss.ts';

const table = buildPathLoss({ exponentPercent: 317, lossAtKmDdb: 1270 });
const unitM = EARTH_RADIUS_DM / 10 / 2 ** 25;

describe('path loss by the square of a distance', () => {
  it('is the log-distance law within 0.1 dB, from 300 m to the other side of the earth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 12_000_000 }), (metres) => {
        const square = (metres / unitM) ** 2;
        const expected = 1270 + 317 * Math.log10(metres / 1000);
        expect(Math.abs((table[lossIndex(square)] as number) - expected)).toBeLessThan(1);
      }),
    );
  });

  it('never falls as the distance grows', () => {
    expect(table.every((loss, i) => i === 0 || loss >= (table[i - 1] as number))).toBe(true);
  });

  it('counts distances as cell centres are counted', () => {
    expect(Math.abs(unitsOf(6_371_007) - 2 ** 25)).toBeLessThan(2);
    expect(Math.abs(unitsOf(1000) * unitM - 1000)).toBeLessThan(0.1);
  });
});
