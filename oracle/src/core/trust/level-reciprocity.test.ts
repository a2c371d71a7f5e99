import { describe, expect, it } from 'vitest';
import type { NetworkEvidence } from '../location/evidence.ts';
import { HearingCurve } from '../location/hearing-curve.ts';
import { PRODUCTION_TIMING } from '../ruleset/index.ts';
import { ruleSet2 } from '../ruleset/rule-set.ts';
import { findOneSidedLevels } from './level-reciprocity.ts';
import { openLinkBook } from './link-book.ts';
import { type SamplePlace, sampleEvidence, townCells } from './samples/small-world.ts';
import { TRUST_NUMBERS } from './samples/trust-numbers.ts';

const hearing = new HearingCurve(ruleSet2(PRODUCTION_TIMING));
const places: readonly SamplePlace[] = townCells(40, 24_000, 5).map((claimed) => ({ claimed }));
const honest = sampleEvidence(places);
const find = (evidence: NetworkEvidence, trust: (radio: number) => number = () => 10_000) =>
  findOneSidedLevels(
    openLinkBook(evidence, new Map()),
    evidence.radios.map((_, i) => trust(i)),
    TRUST_NUMBERS,
    hearing,
  );

/** The town with some of its places changed. */
const withPlaces = (change: Partial<SamplePlace>, which: (i: number) => boolean): NetworkEvidence =>
  sampleEvidence(places.map((place, i) => (which(i) ? { ...place, ...change } : place)));

/** The levels others report of one sender are off by so much, and no rate with them. */
const levelsOff = (
  sender: number,
  byDdb: number,
  only: (receiver: number) => boolean = () => true,
): NetworkEvidence => ({
  ...honest,
  links: honest.links.map((link) =>
    link.sender === sender && only(link.receiver)
      ? { ...link, sumLossDdb: link.sumLossDdb - byDdb * link.count }
      : link,
  ),
});

describe('the two directions of a path', () => {
  it('agree among honest hotspots', () => {
    expect(find(honest)).toEqual([]);
  });

  it('do not when one sends 15 dB more than it says: it is heard more often than it hears, and louder', () => {
    const found = [...Array(8).keys()].flatMap((amplified) => {
      return find(withPlaces({ extraPowerDdb: 150 }, (i) => i === amplified)).map(({ code, radios, checks }) => {
        expect(code).toBe('levels_not_reciprocal');
        expect(radios).toEqual([amplified]);
        return checks;
      });
    });
    expect(found.length).toBeGreaterThanOrEqual(6);
    const [pairs, byRates, byLevels] = found[0] ?? [];
    expect(pairs).toMatchObject({ check: 'reciprocal_pairs', limit: 10 });
    expect(byRates).toMatchObject({ check: 'excess_power_by_rates', limit: 70, unit: 'ddB' });
    expect(byLevels).toMatchObject({ check: 'excess_power_by_levels', limit: 40, unit: 'ddB' });
    expect(byRates?.observed).toBeGreaterThan(70);
  });

  it('agree of one whose receiver tells 15 dB too much or too little, and of one that noise deafens', () => {
    for (const radio of [3, 4, 5, 6]) {
      expect(find(levelsOff(radio, 150))).toEqual([]);
      expect(find(levelsOff(radio, -150))).toEqual([]);
      expect(find(withPlaces({ deafDdb: 100 }, (i) => i === radio))).toEqual([]);
    }
  });

  it('do not when levels are further apart than any receiver is wrong', () => {
    const found = find(levelsOff(3, 250));
    expect(found.map(({ code, radios }) => [code, radios])).toEqual([['levels_not_reciprocal', [3]]]);
    expect(found[0]?.checks[1]).toMatchObject({ check: 'loss_out_less_in', limit: 160, unit: 'ddB' });
  });

  it('are compared after the gain of each antenna', () => {
    const strong = levelsOff(3, 250);
    const radios = strong.radios.map((radio, i) => (i === 3 ? { ...radio, antennaGainDdbi: -250 } : radio));
    expect(find({ ...strong, radios })).toEqual([]);
  });

  it.each([
    ['a small antenna among large ones', withPlaces({ antennaGainDdbi: 120 }, (i) => i !== 3)],
    ['one that sends more than others, and says so', withPlaces({ eirpDdb: 120 }, (i) => i === 3)],
  ])('agree of %s: it is heard far more often than it hears', (_, town) => {
    // Its receiver tells 10 dB too little, so that levels alone would say the same.
    const links = town.links.map((link) =>
      link.receiver === 3 ? { ...link, sumLossDdb: link.sumLossDdb + 100 * link.count } : link,
    );
    expect(find({ ...town, links }).flatMap(({ radios }) => radios)).not.toContain(3);
  });

  it('are not made to differ by hotspots nobody trusts, nor by those who came later', () => {
    const liars = (radio: number): boolean => radio >= 16;
    const town = levelsOff(3, 900, liars);
    expect(find(town, (radio) => (liars(radio) ? 0 : 10_000))).toEqual([]);
    const later = town.radios.map((radio, i) => (liars(i) ? { ...radio, fromEpoch: 9 } : radio));
    expect(find({ ...town, radios: later })).toEqual([]);
    expect(find(town)).not.toEqual([]);
  });
});
