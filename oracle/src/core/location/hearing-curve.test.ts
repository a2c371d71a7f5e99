import { describe, expect, it } from 'vitest';
import { PRODUCTION_TIMING } from '../ruleset/index.ts';
import { ruleSet2 } from '../ruleset/rule-set.ts';
import { HearingCurve } from './hearing-curve.ts';
import { receptionsOver, seeded } from './samples/heard-town.ts';

const curve = new HearingCurve(ruleSet2(PRODUCTION_TIMING));

/** Estimates over a known loss, of a week's beacons both ways. */
function estimatesOver(lossDb: number, chances: number, draws: number) {
  const random = seeded(lossDb);
  return Array.from({ length: draws }, () => {
    const heard = receptionsOver(lossDb, chances, random);
    const meanLossDdb =
      heard.length === 0 ? 0 : Math.round((10 * heard.reduce((sum, one) => sum + one, 0)) / heard.length);
    return {
      heard: heard.length,
      levelDb: meanLossDdb / 10,
      ...curve.estimate({ count: heard.length, chances, meanLossDdb }),
    };
  });
}

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

describe('what a count of receptions says about a loss', () => {
  it.each([115, 125, 135, 140, 145, 150, 155])('is right on average over %i dB, and as good as it says', (lossDb) => {
    const estimates = estimatesOver(lossDb, 56, 300).filter(({ isSilent }) => !isSilent);
    const errors = estimates.map(({ lossDdb }) => lossDdb / 10 - lossDb);
    expect(Math.abs(mean(errors))).toBeLessThan(1.5);
    const spreadDb = mean(estimates.map(({ spreadDdb }) => spreadDdb)) / 10;
    expect(Math.sqrt(mean(errors.map((error) => error * error)))).toBeLessThan(1.3 * spreadDb);
  });

  it('is far better than the levels alone where little is heard', () => {
    const estimates = estimatesOver(155, 56, 300).filter(({ isSilent }) => !isSilent);
    const levels = mean(estimates.map(({ levelDb }) => 155 - levelDb));
    expect(levels).toBeGreaterThan(5);
    expect(Math.abs(mean(estimates.map(({ lossDdb }) => 155 - lossDdb / 10)))).toBeLessThan(levels / 4);
  });

  it('is a loss that grows with the chances nobody used', () => {
    const losses = [4, 8, 16, 56, 112].map((chances) => curve.estimate({ count: 0, chances, meanLossDdb: 0 }));
    expect(losses.every(({ isSilent }) => isSilent)).toBe(true);
    for (const [i, { lossDdb }] of losses.entries()) {
      expect(lossDdb).toBeGreaterThan(i === 0 ? 1_440 : (losses[i - 1]?.lossDdb ?? 0));
    }
  });

  it('leaves even odds at the loss it names for silence', () => {
    const { lossDdb } = curve.estimate({ count: 0, chances: 56, meanLossDdb: 0 });
    const silent = estimatesOver(lossDdb / 10, 56, 1_000).filter(({ heard }) => heard === 0).length;
    expect(Math.abs(silent / 1_000 - 0.5)).toBeLessThan(0.1);
  });

  it('takes more receptions than there seemed chances for as many chances', () => {
    const meanLossDdb = 1_200;
    expect(curve.estimate({ count: 9, chances: 4, meanLossDdb })).toEqual(
      curve.estimate({ count: 9, chances: 9, meanLossDdb }),
    );
  });

  it.each([115, 130, 140, 145, 150, 155])('is right of one path of %i dB, and as good as it says', (lossDb) => {
    const random = seeded(lossDb);
    const estimates = Array.from({ length: 300 }, () => receptionsOver(lossDb, 56, random))
      .filter(({ length }) => length > 0)
      .map((heard) => {
        const meanLossDdb = Math.round((10 * heard.reduce((sum, one) => sum + one, 0)) / heard.length);
        return curve.ofPath({ count: heard.length, chances: 56, meanLossDdb });
      });
    const errors = estimates.map(({ lossDdb }) => lossDdb / 10 - lossDb);
    expect(Math.abs(mean(errors))).toBeLessThan(1.5);
    const ofVariance =
      mean(errors.map((error) => error * error)) / mean(estimates.map((one) => one.varianceDdb2 / 100));
    expect(ofVariance).toBeGreaterThan(0.4);
    expect(ofVariance).toBeLessThan(1.7);
  });

  it.each([135, 145, 155])('tells it by the rate alone over %i dB, whatever a receiver makes of levels', (lossDb) => {
    const random = seeded(lossDb);
    const estimates = Array.from({ length: 300 }, () => {
      return curve.byRate({ count: receptionsOver(lossDb, 56, random).length, chances: 56 });
    }).filter(({ isSaturated }) => !isSaturated);
    expect(Math.abs(mean(estimates.map(({ lossDdb }) => lossDdb / 10 - lossDb)))).toBeLessThan(2);
    const errors = estimates.map(({ lossDdb }) => (lossDdb / 10 - lossDb) ** 2);
    const errorDb = mean(estimates.map((estimate) => estimate.errorDdb)) / 10;
    expect(Math.sqrt(mean(errors))).toBeLessThan(1.5 * errorDb);
  });

  it('tells of what is heard all but always the loss that is at most', () => {
    const [all, more] = [curve.byRate({ count: 52, chances: 56 }), curve.byRate({ count: 60, chances: 56 })];
    expect(all).toEqual({ ...more, isSaturated: true });
    expect(all.lossDdb).toBeLessThan(1_350);
    expect(curve.byRate({ count: 40, chances: 56 }).lossDdb).toBeGreaterThan(all.lossDdb);
    expect(curve.byRate({ count: 0, chances: 56 }).lossDdb).toBeGreaterThan(1_600);
  });
});
