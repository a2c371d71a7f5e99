import { describe, expect, it } from 'vitest';
import { PRODUCTION_TIMING } from '../ruleset/index.ts';
import { ruleSet2 } from '../ruleset/rule-set.ts';
import { AreaLaws } from './area-laws.ts';
import { claimsOf } from './claims.ts';
import { FULL_TRUST, INITIAL_STANDING, type Standing } from './evidence.ts';
import { EvidenceIndex } from './evidence-index.ts';
import { HearingCurve } from './hearing-curve.ts';
import { PairBook } from './pair-book.ts';
import { PropagationModel } from './propagation-model.ts';
import { heardTownOf, seeded } from './samples/heard-town.ts';
import { honestSites, type Site } from './samples/radio-town.ts';
import { weighClaims } from './weigh-claims.ts';

const ruleSet = ruleSet2(PRODUCTION_TIMING);
const numbers = { ...ruleSet, location: { ...ruleSet.location, regionMicronats: 0 } };
const proven: Standing = { ...INITIAL_STANDING, trust: FULL_TRUST, location: 'valid' };
const NEVER = Number.MAX_SAFE_INTEGER;
const isCarried = (i: number): boolean => i % 3 === 1;

/** The gaps of a town a third of which has been carried off, by whether the carried or the others are judged by a limit of nothing. */
function gapsWhere(isStrict: (i: number) => boolean): number[] {
  const random = seeded(3);
  const sites = honestSites(40, 16, 3).map((site, i): Site => {
    const bearing = 2 * Math.PI * random.next();
    if (!isCarried(i)) return site;
    const eastKm = site.eastKm + 14 * Math.sin(bearing);
    return { eastKm, northKm: site.northKm + 14 * Math.cos(bearing), claim: site };
  });
  const law = { lossAtKmDb: 131, exponent: 2.3, sigmaDb: 6 };
  const town = heardTownOf(sites, law, { seed: 3, beacons: 28, standings: sites.map(() => proven) });
  const trust = town.radios.map(() => FULL_TRUST);
  const index = new EvidenceIndex(town, trust, { cells: new Map(), numbers });
  const prior = new PropagationModel(numbers);
  const known = { index, pairs: new PairBook(index), hearing: new HearingCurve(numbers), numbers };
  const areas = new AreaLaws({ ...known, astray: new Set(), tables: prior.tables });
  const claims = claimsOf(index, numbers).map((claim) => {
    return { ...claim, limitMicronats: isStrict(claim.subject) ? 0 : NEVER };
  });
  const weighed = weighClaims(claims, { ...known, areas, prior, recent: [], without: new Set() });
  return claims.map(({ subject }) => weighed.get(subject)?.gapMicronats ?? 0);
}

const sumOf = (gaps: readonly number[], counts: (i: number) => boolean): number =>
  gaps.filter((_, i) => counts(i)).reduce((sum, gap) => sum + gap, 0);

describe('a place in doubt', () => {
  const stays = (i: number): boolean => !isCarried(i);

  it('is weighed again without who is more in doubt, though more must speak against that one', () => {
    const [once, again] = [gapsWhere(() => false), gapsWhere(stays)];
    expect(sumOf(once, stays)).toBeGreaterThan(0);
    expect(sumOf(again, stays)).toBeLessThan(0.6 * sumOf(once, stays));
  });

  it('does not change what is said of those who are not', () => {
    const [once, again] = [gapsWhere(() => false), gapsWhere(stays)];
    expect(again.filter((_, i) => isCarried(i))).toEqual(once.filter((_, i) => isCarried(i)));
  });
});
