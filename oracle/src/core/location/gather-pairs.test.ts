import { describe, expect, it } from 'vitest';
import { PRODUCTION_TIMING } from '../ruleset/index.ts';
import { ruleSet2 } from '../ruleset/rule-set.ts';
import { AreaLaws } from './area-laws.ts';
import { FULL_TRUST, INITIAL_STANDING, type Standing } from './evidence.ts';
import { EvidenceIndex } from './evidence-index.ts';
import { gatherPairs } from './gather-pairs.ts';
import { HearingCurve } from './hearing-curve.ts';
import { PairBook } from './pair-book.ts';
import { PropagationModel } from './propagation-model.ts';
import { heardTownOf } from './samples/heard-town.ts';
import { honestSites } from './samples/radio-town.ts';

const numbers = ruleSet2(PRODUCTION_TIMING);
const hearing = new HearingCurve(numbers);
const { tables } = new PropagationModel(numbers);
const HOTSPOTS = 40;
/** Those with a number from here on came later. */
const FIRST_NEWCOMER = 24;
const proven: Standing = { ...INITIAL_STANDING, trust: FULL_TRUST, location: 'valid' };

/** Whom the place of a hotspot is judged by in a proven town of two generations. */
function askedAbout(
  subject: number,
  isProven: (i: number) => boolean = () => true,
  { hotspots, sideKm } = { hotspots: HOTSPOTS, sideKm: 30 },
) {
  const sites = honestSites(hotspots, sideKm, 5).map((site) => ({ ...site, anchor: false }));
  const law = { lossAtKmDb: 130, exponent: 2.6, sigmaDb: 8 };
  const standings = sites.map((_, i): Standing => (isProven(i) ? proven : { ...proven, location: 'insufficient' }));
  const town = heardTownOf(sites, law, { seed: 5, beacons: 12, standings });
  const radios = town.radios.map((radio, i) => ({ ...radio, fromEpoch: i < FIRST_NEWCOMER ? 0 : 3 }));
  const links = town.links.map((link) => ({ ...link, firstEpoch: 3, lastEpoch: 3 }));
  const trust = radios.map(() => FULL_TRUST);
  const index = new EvidenceIndex({ ...town, radios, links }, trust, { cells: new Map(), numbers });
  const pairs = new PairBook(index);
  const areas = new AreaLaws({ astray: new Set(), index, pairs, hearing, tables, numbers });
  return gatherPairs(subject, { index, pairs, hearing, areas, without: new Set(), numbers })?.links;
}

describe('who is asked about a place', () => {
  it('is there before a newcomer, those it is linked with and those that never hear it', () => {
    const links = askedAbout(FIRST_NEWCOMER + 1) ?? [];
    expect(new Set(links.map(({ kind }) => kind === 'silent'))).toEqual(new Set([true, false]));
    expect(Math.max(...links.map(({ other }) => other))).toBeLessThan(FIRST_NEWCOMER);
  });

  it('came no later than who was there from the beginning', () => {
    const links = askedAbout(3) ?? [];
    expect(links.length).toBeGreaterThan(10);
    expect(Math.max(...links.map(({ other }) => other))).toBeLessThan(FIRST_NEWCOMER);
  });

  it('is everybody in reach in a town of sixty', () => {
    const links = askedAbout(FIRST_NEWCOMER, (i) => i >= FIRST_NEWCOMER, { hotspots: 60, sideKm: 6 }) ?? [];
    expect(links.filter(({ kind }) => kind !== 'silent').length).toBeGreaterThan(50);
  });

  it('is anybody where too few elders are proven, and who is not proven weighs a tenth', () => {
    const links = askedAbout(FIRST_NEWCOMER + 1, (i) => i >= FIRST_NEWCOMER) ?? [];
    const weightOf = (isElder: boolean) =>
      new Set(links.filter(({ other }) => other < FIRST_NEWCOMER === isElder).map(({ weight }) => weight));
    expect(weightOf(false)).toEqual(new Set([FULL_TRUST]));
    expect(weightOf(true)).toEqual(new Set([FULL_TRUST / 10]));
  });

  it('is nobody where too few are proven at all', () => {
    expect(askedAbout(3, (i) => i < 3)).toBeUndefined();
  });
});
