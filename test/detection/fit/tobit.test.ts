import { describe, expect, it } from 'vitest';
import { createRandom } from '../../simulator/world/random.ts';
import { logCumulative, logDensity } from './normal.ts';
import { fitTobit, type Observation } from './tobit.ts';

const RECEIVERS = 8;
const TRUE = { exponent: 3.1, sigmaDb: 10, interceptDbm: -112, interceptSigmaDb: 8, thresholdDbm: -135 };

function simulate(seed: string): { observations: Observation[]; intercepts: number[] } {
  const random = createRandom(seed);
  const intercepts = Array.from(
    { length: RECEIVERS },
    () => TRUE.interceptDbm + TRUE.interceptSigmaDb * random.normal(),
  );
  const observations = Array.from({ length: 1200 }, (_, i): Observation => {
    const log10Km = random.between(-0.7, 1.3);
    const receiver = i % RECEIVERS;
    const mean = (intercepts[receiver] ?? 0) - 10 * TRUE.exponent * log10Km;
    const espDbm = mean + TRUE.sigmaDb * random.normal();
    return { receiver, log10Km, ...(espDbm > TRUE.thresholdDbm ? { espDbm } : {}) };
  });
  return { observations, intercepts };
}

describe('the fit with non-receptions', () => {
  const { observations, intercepts } = simulate('tobit');
  const options = { receivers: RECEIVERS, thresholdDbm: TRUE.thresholdDbm, deafShare: 0, shared: false };
  const fit = fitTobit(observations, options);

  it('finds the law it was drawn from', () => {
    expect(Math.abs(fit.exponent - TRUE.exponent)).toBeLessThan(0.15);
    expect(Math.abs(fit.sigmaDb - TRUE.sigmaDb)).toBeLessThan(0.7);
    expect(Math.abs(fit.interceptDbm - TRUE.interceptDbm)).toBeLessThan(5);
    fit.interceptsDbm.forEach((one, i) => expect(Math.abs(one - (intercepts[i] ?? 0))).toBeLessThan(3));
  });

  it('takes the slope for less than it is when told of the receptions alone', () => {
    const received = observations.filter(({ espDbm }) => espDbm !== undefined);
    expect(fitTobit(received, options).exponent).toBeLessThan(fit.exponent - 0.4);
  });

  it('has a wider spread with one intercept for all', () => {
    expect(fitTobit(observations, { ...options, shared: true }).sigmaDb).toBeGreaterThan(fit.sigmaDb + 1);
  });
});

describe('the normal distribution', () => {
  it('has the published tails', () => {
    // Abramowitz and Stegun, table 26.1 and 26.2.
    expect(Math.exp(logCumulative(1.96))).toBeCloseTo(0.9750021, 6);
    expect(Math.exp(logCumulative(0))).toBeCloseTo(0.5, 7);
    expect(logCumulative(-5) / Math.LN10).toBeCloseTo(-6.54265, 4);
    expect(logCumulative(-15) / Math.LN10).toBeCloseTo(-50.43522, 4);
    expect(Math.exp(logDensity(1))).toBeCloseTo(0.2419707, 7);
  });
});
