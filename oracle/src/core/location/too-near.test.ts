import { describe, expect, it } from 'vitest';
import { ruleSet2 } from '../ruleset/rule-set.ts';
import { PRODUCTION_TIMING } from '../ruleset/timing.ts';
import { FULL_TRUST, INITIAL_STANDING, type NetworkEvidence, type Standing } from './evidence.ts';
import { EvidenceIndex } from './evidence-index.ts';
import { judgeNetwork } from './judge-network.ts';
import { heardTownOf } from './samples/heard-town.ts';
import { honestSites } from './samples/radio-town.ts';

const ruleSet = ruleSet2(PRODUCTION_TIMING);
/** Few links are enough to know how well one hears; nobody looks at regions. */
const numbers = { ...ruleSet, location: { ...ruleSet.location, interceptLinks: 4, regionMicronats: 0 } };
const withoutAreas = { ...numbers, area: { ...numbers.area, fewestPairs: 1_000_000 } };
const cells = new Map();
const SITES = 9;
const EACH = 4;
const LAW = { lossAtKmDb: 131, exponent: 2.3, sigmaDb: 8 };
const proven: Standing = { ...INITIAL_STANDING, trust: FULL_TRUST, location: 'valid' };

/** Four hotspots within 0.3 km on each of some sites 14 km about. No link of two so near counts. */
function townOfFours(seed: number): NetworkEvidence {
  const sites = honestSites(SITES, 14, seed).flatMap((site) =>
    Array.from({ length: EACH }, (_, i) => {
      return { ...site, eastKm: site.eastKm + 0.2 * (i % 2), northKm: site.northKm + 0.2 * Math.floor(i / 2) };
    }),
  );
  // Behind walls on both sides even so short a way may be silent: that must not be taken for thicker walls.
  const wallsDb = sites.map((_, i) => (i % EACH < 2 ? 15 : 0));
  const town = heardTownOf(sites, LAW, { seed, beacons: 28, wallsDb, standings: sites.map(() => proven) });
  const index = indexOf(town);
  return { ...town, links: town.links.filter(({ sender, receiver }) => !index.areTooNear(sender, receiver)) };
}

function indexOf(town: NetworkEvidence): EvidenceIndex {
  return new EvidenceIndex(
    town,
    town.radios.map(() => FULL_TRUST),
    { cells, numbers },
  );
}

/** Those of each site belong to one owner: whose hotspots say nothing about each other. */
function ofOneOwner(town: NetworkEvidence): NetworkEvidence {
  return { ...town, radios: town.radios.map((radio, i) => ({ ...radio, owner: 1_000 + Math.floor(i / EACH) })) };
}

/** What is found out by links and silence alone. */
function findings(town: NetworkEvidence, by: typeof numbers) {
  const { locations, standings } = judgeNetwork(town, by, cells);
  return {
    places: locations.map(({ gapMicronats, law, likeliestCell, links }) => ({
      gapMicronats,
      law,
      likeliestCell,
      links,
    })),
    intercepts: standings.map(({ interceptDdb }) => interceptDdb),
  };
}

describe('hotspots too near each other for a link to count', () => {
  it('are those whose centres are less than 700 m apart', () => {
    const index = indexOf(townOfFours(1));
    const near = Array.from({ length: SITES * EACH }, (_, i) => i).filter((i) => index.areTooNear(0, i));
    expect(near).toEqual([0, 1, 2, 3]);
  });

  it.each([
    ['under the law of their area', numbers, SITES * EACH],
    ['where there is none', withoutAreas, 0],
  ])('say nothing about each other by having none, any more than those of one owner, %s', (_, by, withLaw) => {
    for (const seed of [1, 2]) {
      const town = townOfFours(seed);
      const found = findings(town, by);
      expect(found).toEqual(findings(ofOneOwner(town), by));
      expect(found.intercepts.filter((one) => one !== undefined).length).toBeGreaterThan(SITES);
      expect(found.places.filter(({ law }) => law).length).toBe(withLaw);
    }
  });
});
