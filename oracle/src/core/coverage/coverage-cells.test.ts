import fc from 'fast-check';
import { cellToCenterChild, cellToParent, latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { type CoverageFact, computeCoverage } from './coverage-cells.ts';
import { coveredCell } from './covered-cell.ts';

const link = (witness: number, espDdbm: number, snrDdb = 0) => ({ witness, espDdbm, snrDdb });
const survey = (cell: bigint, links: CoverageFact['links'], unheard = links.length === 0): CoverageFact => ({
  cell,
  kind: 'survey_device',
  links,
  unheard,
});

describe('the cell a sender covers', () => {
  const cell = latLngToCell(49.2, 16.6, 9);
  const big = (text: string): bigint => BigInt(`0x${text}`);

  it('is its own at resolution 9, its parent at 10, and none at 8', () => {
    expect(coveredCell(big(cell), 9)).toBe(big(cell));
    expect(coveredCell(big(cellToCenterChild(cell, 10)), 9)).toBe(big(cell));
    expect(coveredCell(big(cellToParent(cell, 8)), 9)).toBeUndefined();
  });
});

describe('coverage', () => {
  it('counts links and different witnesses, and keeps the best signal', () => {
    const facts = [survey(5n, [link(1, -1200, 30), link(2, -1100, -50)]), survey(5n, [link(1, -1150, 60)])];
    expect(computeCoverage(facts, 3)).toEqual([
      {
        cell: 5n,
        state: 'covered',
        links: 3,
        witnesses: 2,
        bestEspDdbm: -1100,
        bestSnrDdb: 60,
        surveyTransmissions: 2,
      },
    ]);
  });

  it('is surveyed and absent from three unheard transmissions on, and unknown before', () => {
    const unheard = (count: number) => Array.from({ length: count }, () => survey(7n, []));
    expect(computeCoverage(unheard(2), 3)).toEqual([]);
    expect(computeCoverage(unheard(3), 3)).toEqual([
      { cell: 7n, state: 'surveyed_not_covered', links: 0, witnesses: 0, surveyTransmissions: 3 },
    ]);
  });

  it('is no proof of absence while nobody listened, or where somebody heard what does not count', () => {
    const deaf = Array.from({ length: 5 }, () => survey(7n, [], false));
    expect(computeCoverage(deaf, 3)).toEqual([]);
  });

  it('is covered by one link, however many others were not heard', () => {
    const facts = [...Array.from({ length: 9 }, () => survey(7n, [])), survey(7n, [link(1, -1300)])];
    expect(computeCoverage(facts, 3)).toMatchObject([{ state: 'covered', links: 1, surveyTransmissions: 10 }]);
  });

  it('of beacons nobody heard says nothing', () => {
    const silent: CoverageFact = { cell: 3n, kind: 'hotspot', links: [], unheard: true };
    expect(computeCoverage([silent, silent, silent, silent], 3)).toEqual([]);
  });

  it('does not depend on the order of the facts', () => {
    const fact = fc.record({
      cell: fc.bigInt({ min: 1n, max: 5n }),
      kind: fc.constantFrom('hotspot' as const, 'survey_device' as const),
      links: fc.array(
        fc.record({
          witness: fc.nat(3),
          espDdbm: fc.integer({ min: -1500, max: 0 }),
          snrDdb: fc.integer({ min: -200, max: 100 }),
        }),
        { maxLength: 3 },
      ),
      unheard: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 20 }), (facts) => {
        expect(computeCoverage([...facts].reverse(), 3)).toEqual(computeCoverage(facts, 3));
      }),
    );
  });
});
