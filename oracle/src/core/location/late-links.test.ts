import { describe, expect, it } from 'vitest';
import { PRODUCTION_TIMING } from '../ruleset/index.ts';
import { ruleSet2 } from '../ruleset/rule-set.ts';
import { FULL_TRUST, INITIAL_STANDING, type LinkStatistic, type Radio, type Standing } from './evidence.ts';
import { withoutLateLinks } from './late-links.ts';

const numbers = ruleSet2(PRODUCTION_TIMING);
const HOTSPOTS = 8;
/** The last of them nobody has proven. */
const NEWCOMER = HOTSPOTS - 1;
const proven: Standing = { ...INITIAL_STANDING, trust: FULL_TRUST, location: 'valid' };
const standings = Array.from({ length: HOTSPOTS }, (_, i) => (i === NEWCOMER ? INITIAL_STANDING : proven));
const radios = standings.map((_, i): Radio => {
  const counts = { transmissions: 20, onlineRounds: 20 };
  return {
    key: new Uint8Array(32).fill(i),
    kind: 'hotspot',
    owner: i,
    cell: 1n,
    anchor: false,
    fromEpoch: 0,
    ...counts,
  };
});

/** All hear each other; `clockMs` of each, and by how much more a link is late. */
function links(clockMs: (i: number) => number, laterMs: (sender: number, receiver: number) => number): LinkStatistic[] {
  const all = radios.map((_, i) => i);
  return all.flatMap((sender) =>
    all.flatMap((receiver): LinkStatistic[] => {
      if (sender === receiver) return [];
      const count = 3;
      const delayMs = clockMs(receiver) - clockMs(sender) + laterMs(sender, receiver);
      const steps = { sumX: 0, sumXX: 0, sumY: 0, sumXY: 0 };
      const losses = { sumLossDdb: 1_300 * count, sumSquaredLoss: 1_300 ** 2 * count, steps };
      return [
        {
          sender,
          receiver,
          senderCell: 1n,
          count,
          ...losses,
          sumDelayMs: delayMs * count,
          firstEpoch: 0,
          lastEpoch: 0,
        },
      ];
    }),
  );
}

const leftOut = (all: readonly LinkStatistic[]): string[] => {
  const left = new Set(withoutLateLinks({ links: all, radios, standings }, numbers));
  return all.filter((link) => !left.has(link)).map(({ sender, receiver }) => `${sender}>${receiver}`);
};

const clock = (i: number): number => 90 * ((i % 3) - 1);
const onTime = (): number => 0;

describe('links that come late', () => {
  it('are left out one by one', () => {
    const late = (sender: number, receiver: number): number => (sender === 1 && receiver === 4 ? 2_000 : 0);
    expect(leftOut(links(clock, late))).toEqual(['1>4']);
    expect(leftOut(links(clock, onTime))).toEqual([]);
  });

  it('are not those of a wrong clock', () => {
    for (const wrong of [2, NEWCOMER]) {
      for (const byMs of [-3_000, 3_000]) {
        expect(leftOut(links((i) => (i === wrong ? byMs : clock(i)), onTime))).toEqual([]);
      }
    }
  });

  it('are left out of a newcomer that is heard, and hears, in time otherwise', () => {
    const late = (sender: number, receiver: number): number => (sender === 1 && receiver === NEWCOMER ? 2_000 : 0);
    expect(leftOut(links(clock, late))).toEqual([`1>${NEWCOMER}`]);
  });

  it('stay with whom nobody has proven and everything reaches late, whatever the delays', () => {
    const far = (sender: number, receiver: number): number => {
      if (receiver === NEWCOMER) return 800 + 400 * sender;
      return sender === NEWCOMER ? 900 + 300 * receiver : 0;
    };
    expect(leftOut(links(clock, far))).toEqual([]);
  });
});
