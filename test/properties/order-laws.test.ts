import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/runs.ts';
import { live } from '../support/world/live.ts';
import { mischief } from '../support/world/mischief.ts';
import type { Result } from '../support/world/outcome-of.ts';
import { createSeeded } from '../support/world/seeded.ts';
import { honestLife } from '../support/world/timeline.ts';
import { createWorld } from '../support/world/world.ts';

/** Everything of a summary but the cut, which names the log's envelopes. */
const meaningOf = ({ summary }: Result) => {
  const { roots, counts, total } = summary;
  return { roots, counts, total };
};

/** A state but for what the summary before it says. */
const stateOf = ({ state }: Result) => ({ ...state, logs: [], previousSummary: undefined });

describe('order between two marks', () => {
  const world = createWorld({ seed: 7, hotspots: 7, surveyDevices: 2 });

  it.each([
    ['an honest network', honestLife(world, 2)],
    ['one with everything that is void, late, copied or forged', mischief(world, 2)],
  ])('and batching, and repeats, change no root of %s', (_, events) => {
    const orderly = live(world, events, 2);
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 40 }), fc.nat(3), (seed, maxBatch, repeats) => {
        const results = live(world, events, 2, { random: createSeeded(seed), maxBatch, repeats });
        expect(results.map(meaningOf)).toEqual(orderly.map(meaningOf));
        expect(results.map(stateOf)).toEqual(orderly.map(stateOf));
      }),
      { numRuns: runs(40) },
    );
  });

  it('leaves that network with something of every kind', () => {
    const counts = live(world, mischief(world, 4), 4).map(({ summary }) => Object.keys(summary.counts));
    const reasons = new Set(counts.flat().filter((name) => name.startsWith('reason.')));
    const expected = [
      'commitment_mismatch',
      'conflicting_reports',
      'after_slot_closed',
      'no_such_beacon',
      'duplicate_beacon',
      'batch_name_conflict',
      'number_conflict',
      'index_reused',
    ];
    expect([...reasons]).toEqual(expect.arrayContaining(expected.map((reason) => `reason.${reason}`)));
  });
});

describe('where work is split', () => {
  it('changes no root', () => {
    const world = createWorld({ seed: 8, hotspots: 8, surveyDevices: 2 });
    const results = [0, 1, 3, 5, 7, 8].map((partitionResolution) => {
      const epoch = { ...world.ruleSet.epoch, partitionResolution };
      return live({ ...world, ruleSet: { ...world.ruleSet, epoch } }, mischief(world, 2), 2);
    });
    for (const result of results)
      expect(result.map(({ summary }) => summary)).toEqual(results[0]?.map(({ summary }) => summary));
  });
});

describe('owners', () => {
  it('and their names change nothing but what names them', () => {
    const [one, other] = ['', 'renamed'].map((owners) => {
      const world = createWorld({ seed: 3, hotspots: 6, surveyDevices: 1, owners });
      return live(world, honestLife(world, 2), 2);
    }) as [Result[], Result[]];
    const withoutOwners = (result: Result) => {
      const { inputs, verdicts, coverage, rewards } = result.summary.roots;
      return { ...meaningOf(result), roots: { inputs, verdicts, coverage, rewards } };
    };
    expect(one.map(withoutOwners)).toEqual(other.map(withoutOwners));
    expect(one.map(({ rewards }) => rewards)).toEqual(other.map(({ rewards }) => rewards));
    expect(one.at(-1)?.summary.roots.owners).not.toBe(other.at(-1)?.summary.roots.owners);
    const sums = (results: Result[]) =>
      results.map(({ owners }) => owners.map(({ amount }) => amount).sort((a, b) => (a < b ? -1 : 1)));
    expect(sums(one)).toEqual(sums(other));
  });
});
