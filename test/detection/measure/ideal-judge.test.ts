import { describe, expect, it } from 'vitest';
import { createRandom } from '../../simulator/world/random.ts';
import { isFullRun } from '../../support/runs.ts';
import type { Antenna } from '../worlds/radio.ts';
import { createPathLoss, drawRadioLaw, shadowlessLoss } from '../worlds/radio-law.ts';
import { drawAntenna, drawSite } from '../worlds/site.ts';
import { type IdealJudge, rateIdealJudge } from './ideal-judge.ts';

const seeds = ['ideal/0', 'ideal/1', 'ideal/2', 'ideal/3'];
const rate = (km: number, falseRejected = 0.02, judge: IdealJudge = 'place') =>
  rateIdealJudge(judge, { seeds, honest: 40, judged: judge === 'untold' && !isFullRun ? 25 : 50, km, falseRejected });

describe('a judge who knows all but the shadows', () => {
  it('tells next to nothing of claims moved by metres, and nearly all of those moved far', () => {
    expect(rate(0.05)).toBeLessThan(0.15);
    expect(rate(20)).toBeGreaterThan(0.95);
  });

  it('tells more the farther a claim is moved, and the more true ones it may reject', () => {
    const [near, farther, far] = [rate(1), rate(2.5), rate(6)];
    expect(near).toBeLessThan(farther);
    expect(farther).toBeLessThan(far);
    expect(rate(2.5, 0.001)).toBeLessThan(rate(2.5, 0.1));
  });

  it('tells less where it knows only how far the other place is, and still far more than by chance', () => {
    const [told, byDistance] = [rate(3), rate(3, 0.02, 'distance')];
    expect(byDistance).toBeLessThan(told);
    expect(byDistance).toBeGreaterThan(0.3);
  });

  it('tells still less where it knows neither that nor the walls, and nearly all of what was moved far', () => {
    const near = rate(3, 0.02, 'untold');
    expect(near).toBeLessThan(rate(3));
    expect(near).toBeGreaterThan(0.2);
    expect(rate(20, 0.02, 'untold')).toBeGreaterThan(0.9);
  });
});

describe('what is known of a loss without the shadows', () => {
  it('is the mean and the spread of what worlds draw', () => {
    const random = createRandom('shadowless');
    const site = drawSite(random);
    const law = drawRadioLaw(site.cityRadiusM, random);
    const at = (index: number, eastM: number): Antenna =>
      drawAntenna(site, { index, place: { eastM, northM: 100 }, setting: 'roof' }, createRandom('one antenna'));
    for (const eastM of [4_000, 12_000]) {
      const [a, b] = [at(0, 0), at(1, eastM)];
      const { medianDb, sigmaDb } = shadowlessLoss(law, a, b);
      const losses = Array.from({ length: 400 }, (_, i) =>
        createPathLoss(law, createRandom(`shadows/${i}`)).between(a, b),
      );
      const mean = losses.reduce((sum, one) => sum + one, 0) / losses.length;
      const spread = Math.sqrt(losses.reduce((sum, one) => sum + (one - mean) ** 2, 0) / losses.length);
      expect(Math.abs(mean - medianDb)).toBeLessThan(0.3 * sigmaDb);
      expect(spread / sigmaDb).toBeGreaterThan(0.8);
      expect(spread / sigmaDb).toBeLessThan(1.2);
    }
  });
});
