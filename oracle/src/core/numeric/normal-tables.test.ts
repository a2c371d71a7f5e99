import { describe, expect, it } from 'vitest';
import { buildHeardTable, buildNormalTable, buildSilenceTable } from './normal-tables.ts';

/** Φ by the trapezium rule in floating point: slow, and nothing like the series. */
function phi(z: number): number {
  const steps = 4_000;
  const from = -9;
  const width = (z - from) / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const x = from + i * width;
    sum += Math.exp((-x * x) / 2) * (i === 0 || i === steps ? 0.5 : 1);
  }
  return (sum * width) / Math.sqrt(2 * Math.PI);
}

describe('the table of heard levels', () => {
  it.each([139, 199])('is the logarithm of the density, σ = %i ddB', (sigmaDdb) => {
    const table = buildHeardTable({ sigmaDdb, outlierPercent: 2, outlierSpanDdb: 600 }, 1500);
    for (let k = 0; k <= 1500; k += 7) {
      const [r, s] = [k / 10, sigmaDdb / 10];
      const density = (0.98 * Math.exp((-r * r) / (2 * s * s))) / (s * Math.sqrt(2 * Math.PI)) + 0.02 / 60;
      expect(Math.abs((table[k] as number) - 1e6 * Math.log(density))).toBeLessThan(0.6);
    }
  });

  it('never rises with the residual, and ends on the floor', () => {
    const table = buildHeardTable({ sigmaDdb: 139, outlierPercent: 2, outlierSpanDdb: 600 }, 1500);
    for (let k = 1; k <= 1500; k++) expect(table[k] as number).toBeLessThanOrEqual(table[k - 1] as number);
    expect(table[1500]).toBe(Math.round(1e6 * Math.log(0.02 / 60)));
  });
});

describe('the table of silence', () => {
  const table = buildSilenceTable(20, 600);
  it('is the logarithm of λ + (1 − λ) Φ', () => {
    for (let k = -600; k <= 600; k += 13) {
      expect(Math.abs((table[k + 600] as number) - 1e6 * Math.log(0.2 + 0.8 * phi(k / 100)))).toBeLessThan(2);
    }
  });
  it('has the published values of Φ', () => {
    // Abramowitz and Stegun, table 26.1.
    for (const [z, published] of [
      [0, 0.5],
      [1, 0.841344746068543],
      [2, 0.977249868051821],
      [-3, 0.00134989803163],
    ] as const) {
      const expected = Math.round(1e6 * Math.log(0.2 + 0.8 * published));
      expect(table[600 + 100 * z]).toBe(expected);
    }
  });
});

describe('the normal distribution', () => {
  it('is itself in millionths, its density as well', () => {
    const { cumulative, density, last } = buildNormalTable(400);
    expect([cumulative.length, density.length, last]).toEqual([801, 801, 400]);
    for (let k = -400; k <= 400; k += 13) {
      const z = k / 100;
      expect(Math.abs((cumulative[k + 400] as number) - 1e6 * phi(z))).toBeLessThan(2);
      const height = (1e6 * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
      expect(Math.abs((density[k + 400] as number) - height)).toBeLessThan(1);
    }
  });
});
