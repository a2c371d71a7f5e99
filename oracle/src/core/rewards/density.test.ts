import fc from 'fast-check';
import { cellToCenterChild, cellToChildren, gridDisk, latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { PRODUCTION_TIMING, ruleSet1 } from '../ruleset/index.ts';
import { computeDensity } from './density.ts';

const table = ruleSet1(PRODUCTION_TIMING).rewards.density;
const big = (text: string): bigint => BigInt(`0x${text}`);
const home = latLngToCell(49.2, 16.6, 4);

/** `count` res-9 cells in different res-8 cells of one cell. */
function spread(cell: string, count: number): bigint[] {
  return cellToChildren(cell, 8)
    .slice(0, count)
    .map((child) => big(cellToCenterChild(child, 9)));
}

/** Limits of one resolution alone: scale of any of `own` hotspots in a cell beside neighbours that hold `beside` each. */
function scaleAlone(resolution: number, own: number, beside: readonly number[]): number {
  const cells = gridDisk(cellToCenterChild(home, resolution), 1).map(big);
  const hotspots = cells.flatMap((cell, i) => Array.from({ length: i === 0 ? own : (beside[i - 1] ?? 0) }, () => cell));
  const level = table.filter((entry) => entry.resolution === resolution);
  return computeDensity(hotspots, level).scaleOf(cells[0] as bigint);
}

describe('hex density', () => {
  it('gives the scales of the published test of Helium hex_density.rs', () => {
    // helium/oracles 07a3aff, iot_verifier/src/hex_density.rs, simple_scale_check: res-12 cells in a res-8 cell, as they
    // were on 2022-10-14; that table also limits resolution 10.
    const [a, b] = [631210990515536895n, 631210990515537919n];
    const singles = `515538431 515564031 515589631 515600383 515601919 515606527 515727359 515728895 515739647 515874303
      515924479 516363775 515987455 516590079 516612607 516613631 516640767 516876799 516885503 516888063 516907007
      516912639 516955647 516996607 517011455 517016575 517144063 517264895`.split(/\s+/);
    const cell = (tail: string): bigint => BigInt(`631210990${tail}`);
    const hotspots = [a, a, a, b, b, b, cell('515722239'), cell('515722239'), ...singles.map(cell)];
    const density = computeDensity(hotspots, [...table, { resolution: 10, neighbours: 2, target: 1, maximum: 1 }]);
    const expected = {
      '515537919': 60,
      '516955647': 417,
      '516885503': 139,
      '515601919': 104,
      '516590079': 556,
      '516888063': 139,
      '516640767': 556,
      '516907007': 208,
      '515874303': 556,
      '517011455': 139,
      '516363775': 1667,
      '515589631': 104,
      '516996607': 139,
      '515600383': 104,
      '517016575': 139,
      '515606527': 104,
      '515739647': 83,
      '516613631': 278,
      '516876799': 139,
      '515924479': 556,
      '515538431': 60,
      '515536895': 60,
      '517144063': 833,
      '517264895': 833,
      '516612607': 278,
      '515722239': 83,
      '516912639': 208,
      '515727359': 83,
      '515564031': 417,
      '515728895': 83,
      '515987455': 556,
    };
    for (const [tail, scale] of Object.entries(expected)) expect(density.scaleOf(cell(tail)), tail).toBe(scale);
  });

  it('pays one hotspot alone in full, whatever resolution it asserts', () => {
    for (const resolution of [8, 9, 10]) {
      const cell = big(latLngToCell(49.2, 16.6, resolution));
      expect(computeDensity([cell], table).scaleOf(cell)).toBe(10_000);
    }
  });

  it('shares one cell of resolution 9 or 8 between everybody in it', () => {
    const cell = big(cellToCenterChild(home, 9));
    expect(computeDensity([cell, cell, cell], table).scaleOf(cell)).toBe(3333);
    const [first, second] = cellToChildren(cellToCenterChild(home, 8), 9).map(big) as [bigint, bigint];
    expect(computeDensity([first, second], table).scaleOf(first)).toBe(5000);
    expect(computeDensity([first, first, second], table).scaleOf(first)).toBe(2500);
  });

  it('has its cliffs at resolution 7 where the table puts them: target 5, maximum 10, N = 4', () => {
    expect(scaleAlone(7, 5, [])).toBe(10_000);
    expect(scaleAlone(7, 6, [])).toBe(8333);
    // Three neighbours at the target: with the cell itself four are occupied, the limit is still 5.
    expect(scaleAlone(7, 6, [5, 5, 5])).toBe(8333);
    // The fourth neighbour one short of the target changes nothing; at the target it doubles the limit.
    expect(scaleAlone(7, 10, [5, 5, 5, 4])).toBe(5000);
    expect(scaleAlone(7, 10, [5, 5, 5, 5])).toBe(10_000);
    // Never above the maximum, however crowded the surroundings are.
    expect(scaleAlone(7, 11, [5, 5, 5, 5])).toBe(9091);
    expect(scaleAlone(7, 11, [5, 5, 5, 5, 5, 5])).toBe(9091);
  });

  it.each([
    [4, 500, 1000, 1],
    [5, 100, 200, 3],
    [6, 25, 50, 3],
  ])('has its cliffs at resolution %i: target %i, maximum %i', (resolution, target, maximum, neighbours) => {
    const beside = (count: number) => Array.from({ length: count }, () => target);
    const clipped = (limit: number, count: number): number => Math.round((10_000 * limit) / count);
    expect(scaleAlone(resolution, target, [])).toBe(10_000);
    expect(scaleAlone(resolution, target + 1, [])).toBe(clipped(target, target + 1));
    expect(scaleAlone(resolution, maximum, beside(neighbours))).toBe(5000);
    expect(scaleAlone(resolution, maximum, beside(neighbours + 1))).toBe(10_000);
    expect(scaleAlone(resolution, maximum + 1, beside(6))).toBe(clipped(maximum, maximum + 1));
  });

  it('clips each resolution only what the finer ones left', () => {
    const density = computeDensity([...spread(home, 60), ...spread(home, 60)], table);
    // Two in each res-8 cell: a half there, and res 7 then sees seven a cell and keeps five of them.
    expect(density.scaleOf(spread(home, 1)[0] as bigint)).toBeLessThanOrEqual(3571);
  });

  it('does not depend on the order of the hotspots', () => {
    const pool = spread(home, 40);
    const order = fc.shuffledSubarray([...pool, ...pool.slice(0, 9)], { minLength: 30 });
    fc.assert(
      fc.property(order, (cells) => {
        const [one, other] = [computeDensity(cells, table), computeDensity([...cells].reverse(), table)];
        for (const cell of cells) expect(one.scaleOf(cell)).toBe(other.scaleOf(cell));
      }),
      { numRuns: 20 },
    );
  });
});
