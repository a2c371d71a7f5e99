import { describe, expect, it } from 'vitest';
import { createRandom } from '../../simulator/world/random.ts';
import { fitHearing, type HeardPair } from './hearing.ts';

const TRUE = { middleDb: 139, fadingDb: 5, thresholdDb: 8, best: 0.85, deaf: 0.15 };
const SIGMA_DB = 10;

function simulate(seed: string): HeardPair[] {
  const random = createRandom(seed);
  return Array.from({ length: 1_200 }, () => {
    const expectedLossDb = random.between(110, 170);
    const lossDb = expectedLossDb + SIGMA_DB * random.normal();
    const isDeaf = random.next() < TRUE.deaf;
    const lossesDb = Array.from({ length: 6 }, () => lossDb + TRUE.fadingDb * random.normal()).filter((one) => {
      return one + TRUE.thresholdDb * random.normal() < TRUE.middleDb && random.next() < TRUE.best && !isDeaf;
    });
    return { packets: 6, lossesDb, expectedLossDb };
  });
}

describe('the fit of how often packets are heard', () => {
  it('finds the curve they were drawn from', () => {
    const fit = fitHearing(simulate('hearing'), SIGMA_DB);
    expect(Math.abs(fit.middleDb - TRUE.middleDb)).toBeLessThan(1.5);
    expect(Math.abs(fit.fadingDb - TRUE.fadingDb)).toBeLessThan(0.4);
    expect(Math.abs(fit.thresholdDb - TRUE.thresholdDb)).toBeLessThan(1.2);
    expect(Math.abs(fit.best - TRUE.best)).toBeLessThan(0.04);
    expect(Math.abs(fit.deaf - TRUE.deaf)).toBeLessThan(0.05);
  });
});
