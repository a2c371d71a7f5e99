import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FULL_TRUST, INITIAL_STANDING } from './evidence.ts';
import { LinkStatistics, type Reception } from './link-statistics.ts';

const reception = fc.record({
  sender: fc.integer({ min: 0, max: 3 }),
  receiver: fc.integer({ min: 0, max: 3 }),
  senderCell: fc.constantFrom(1n, 2n),
  eirpDdbm: fc.integer({ min: -100, max: 400 }),
  espDdbm: fc.integer({ min: -1500, max: 0 }),
  delayMs: fc.integer({ min: -2000, max: 2000 }),
});

function statisticsOf(receptions: readonly Reception[]) {
  const statistics = new LinkStatistics();
  for (const one of receptions) statistics.add(one, Math.abs(one.espDdbm) % 7);
  return statistics.list();
}

describe('link statistics', () => {
  it('are the same in whatever order and in however many parts receptions come', () => {
    fc.assert(
      fc.property(fc.array(reception, { maxLength: 40 }), fc.nat(40), (receptions, cut) => {
        const whole = statisticsOf(receptions);
        expect(statisticsOf([...receptions].reverse())).toEqual(whole);
        const merged = new LinkStatistics();
        for (const part of [receptions.slice(cut), receptions.slice(0, cut)]) {
          for (const link of statisticsOf(part)) merged.merge(link);
        }
        expect(merged.list()).toEqual(whole);
      }),
    );
  });

  it('hold counts, sums and squares of the losses, and what a slope needs', () => {
    const [link] = statisticsOf([
      { sender: 1, receiver: 2, senderCell: 9n, eirpDdbm: 140, espDdbm: -1000, delayMs: 40 },
      { sender: 1, receiver: 2, senderCell: 9n, eirpDdbm: 100, espDdbm: -1050, delayMs: -10 },
    ]);
    expect(link).toMatchObject({
      count: 2,
      sumLossDdb: 1140 + 1150,
      sumSquaredLoss: 1140 ** 2 + 1150 ** 2,
      sumDelayMs: 30,
    });
    expect(link?.steps).toEqual({
      sumX: 240,
      sumXX: 140 ** 2 + 100 ** 2,
      sumY: -2050,
      sumXY: -140 * 1000 - 100 * 1050,
    });
  });

  it('leave a new radio without trust', () => {
    expect(INITIAL_STANDING.trust).toBeLessThan(FULL_TRUST);
    expect(INITIAL_STANDING.grace.over).toBe(false);
  });
});
