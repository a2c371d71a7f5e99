import { describe, expect, it } from 'vitest';
import { PRODUCTION_TIMING } from '../ruleset/index.ts';
import { ruleSet2 } from '../ruleset/rule-set.ts';
import { FULL_TRUST, type LinkStatistic, type NetworkEvidence } from './evidence.ts';
import { EvidenceIndex } from './evidence-index.ts';
import { findAstray } from './find-astray.ts';
import { LinkStatistics } from './link-statistics.ts';
import { PairBook } from './pair-book.ts';
import { heardTownOf } from './samples/heard-town.ts';
import { honestSites } from './samples/radio-town.ts';

const numbers = ruleSet2(PRODUCTION_TIMING);
const HOTSPOTS = 40;
const BEACONS = 12;
const town = heardTownOf(
  honestSites(HOTSPOTS, 16, 3),
  { lossAtKmDb: 128, exponent: 2.6, sigmaDb: 7 },
  { seed: 3, beacons: BEACONS },
);
const trust = town.radios.map(() => FULL_TRUST);

function bookOf(evidence: NetworkEvidence) {
  const index = new EvidenceIndex(evidence, trust, { cells: new Map(), numbers });
  return { index, pairs: new PairBook(index) };
}

interface Newest {
  /** What is left of the town's links, which were there for two epochs before. */
  readonly links: readonly LinkStatistic[];
  /** Those who neither sent nor listened. */
  readonly off?: readonly number[];
}

function astrayIn({ links, off = [] }: Newest): number[] {
  const whole = new LinkStatistics();
  for (const link of [...town.links, ...town.links, ...links]) whole.merge(link);
  const active = (epochs: number) => (i: number) => {
    const rounds = BEACONS * (epochs - (off.includes(i) ? 1 : 0));
    return { transmissions: rounds, onlineRounds: rounds };
  };
  const radiosOf = (epochs: number) => town.radios.map((radio, i) => ({ ...radio, ...active(epochs)(i) }));
  const newest = bookOf({ ...town, links, radios: radiosOf(1) });
  return [...findAstray(bookOf({ ...town, links: whole.list(), radios: radiosOf(3) }), newest, numbers)];
}

const withoutLinksOf = (radios: readonly number[]): LinkStatistic[] =>
  town.links.filter(({ sender, receiver }) => !radios.includes(sender) && !radios.includes(receiver));

describe('hotspots gone astray', () => {
  it('are none while all hear each other as they did', () => {
    expect(astrayIn({ links: town.links })).toEqual([]);
  });

  it('are those that none of their neighbours hear any more, wherever they are heard instead', () => {
    const elsewhere = town.links.find(({ sender, receiver }) => sender === 4 && receiver > 30) as LinkStatistic;
    expect(astrayIn({ links: [...withoutLinksOf([4, 9]), elsewhere] })).toEqual([4, 9]);
  });

  it('are two in five, if so many are carried away, and not those who stay', () => {
    const carried = Array.from({ length: HOTSPOTS }, (_, i) => i).filter((i) => i % 5 < 2);
    expect(astrayIn({ links: withoutLinksOf(carried) })).toEqual(carried);
  });

  it('are not those that are switched off', () => {
    expect(astrayIn({ links: withoutLinksOf([4, 9]), off: [4, 9] })).toEqual([]);
  });

  it('are not those about whom a third of their neighbours is silent', () => {
    const silent = Array.from({ length: HOTSPOTS }, (_, i) => i).filter((i) => i % 3 === 0);
    const isHushed = ({ sender, receiver }: LinkStatistic): boolean =>
      (sender === 4 && silent.includes(receiver)) || (receiver === 4 && silent.includes(sender));
    expect(astrayIn({ links: town.links.filter((link) => !isHushed(link)) })).toEqual([]);
  });
});
