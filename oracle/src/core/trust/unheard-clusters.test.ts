import { describe, expect, it } from 'vitest';
import type { NetworkEvidence } from '../location/evidence.ts';
import { openLinkBook } from './link-book.ts';
import { everyDirection, withForged } from './samples/forged.ts';
import { freeSpaceDdb } from './samples/free-space.ts';
import { cellAt, SAMPLE_RADIO, type SamplePlace, sampleEvidence, townCells } from './samples/small-world.ts';
import { TRUST_NUMBERS } from './samples/trust-numbers.ts';
import { findUnheardClusters } from './unheard-clusters.ts';

const HONEST = 120;
const town = townCells(HONEST, 12_000, 11).map((claimed): SamplePlace => ({ claimed }));
const gang = [0, 1, 2, 3, 4, 5].map((i) => ({
  claimed: cellAt(3_000 + 5_000 * (i % 2), 3_000 + 3_000 * Math.floor(i / 2)),
  true: cellAt(400_000, 0),
}));
const members = gang.map((_, i) => HONEST + i);

/** Six keys without a radio claim places all over the town and confirm each other. */
const claimed = withForged(sampleEvidence([...town, ...gang]), everyDirection(members), {
  seed: 1,
  lossOf: (m, random) => freeSpaceDdb(m) + 200 + random.normal(80),
});
const withoutAir: NetworkEvidence = {
  ...claimed,
  links: claimed.links.filter(({ sender, receiver }) => sender >= HONEST === receiver >= HONEST),
};

const find = (evidence: NetworkEvidence, trust: (radio: number) => number) =>
  findUnheardClusters(
    openLinkBook(evidence, new Map()),
    evidence.radios.map((_, i) => trust(i)),
    TRUST_NUMBERS,
  );
const honestOnly = (radio: number): number => (radio < HONEST ? 10_000 : 0);

describe('a group nobody around it hears', () => {
  it('is found, with how many should have heard it', () => {
    const found = find(withoutAir, honestOnly);
    expect(found.map(({ code, radios }) => [code, radios])).toEqual([['unheard_cluster', members]]);
    const reach = found[0]?.checks.find(({ check }) => check === 'trusted_in_reach');
    expect(reach?.observed).toBeGreaterThanOrEqual(8);
  });

  it('is no group of newcomers that some of the trusted hear', () => {
    for (const seed of [1, 2, 3]) {
      const places = townCells(80, 12_000, seed).map((place): SamplePlace => ({ claimed: place }));
      const evidence = sampleEvidence(places, { ...SAMPLE_RADIO, seed });
      expect(find(evidence, (radio) => (radio % 2 === 0 ? 10_000 : 0))).toEqual([]);
      expect(find(evidence, () => 0)).toEqual([]);
    }
  });

  it('is not accused by listeners nobody trusts, or that were not listening', () => {
    expect(find(withoutAir, () => 0)).toEqual([]);
    const deaf = withoutAir.radios.map((radio) => ({ ...radio, onlineRounds: 0 }));
    expect(find({ ...withoutAir, radios: deaf }, honestOnly)).toEqual([]);
  });
});
