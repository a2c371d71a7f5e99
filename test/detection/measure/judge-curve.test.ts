import { describe, expect, it } from 'vitest';
import { drawCurves } from './curve-chart.ts';
import { CURVE_JUDGES, type JudgedClaim, judgeWorld, toldAt } from './judge-curve.ts';

const sizes = { honest: 30, settledEpochs: 2, attackEpochs: 2, attackerShare: 0.2 };
const judged = [...judgeWorld([1, 20], { ...sizes, seed: 'curve' })];
const claimsAt = (km: number): readonly JudgedClaim[] => judged.find((one) => one.km === km)?.claims ?? [];

describe('the judges of one world', () => {
  it('judge the same claims, true and moved, each by a number of its own', () => {
    expect(judged.map(({ km }) => km)).toEqual([1, 20]);
    for (const { claims } of judged) {
      expect(claims.filter(({ isLiar }) => isLiar)).toHaveLength(8);
      expect(claims.filter(({ isLiar }) => !isLiar).length).toBeGreaterThan(15);
      for (const judge of CURVE_JUDGES) expect(new Set(claims.map((one) => one[judge])).size).toBeGreaterThan(5);
    }
  });

  it('tell more of what was moved far, and who knows everything tells nearly all of it', () => {
    expect(toldAt(claimsAt(20), 'ideal', 0.05)).toBeGreaterThanOrEqual(0.85);
    for (const judge of CURVE_JUDGES) {
      expect(toldAt(claimsAt(20), judge, 0.1)).toBeGreaterThan(toldAt(claimsAt(1), judge, 0.1));
    }
  });

  it('count a liar as told only above what so many true claims reach', () => {
    const claim = (isLiar: boolean, nats: number): JudgedClaim => ({ isLiar, ideal: nats, learner: 0, network: -nats });
    const claims = [
      ...[1, 2, 3, 4].map((nats) => claim(false, nats)),
      ...[2.5, 3, 3.5, 9].map((nats) => claim(true, nats)),
    ];
    expect(toldAt(claims, 'ideal', 0)).toBe(0.25);
    expect(toldAt(claims, 'ideal', 0.25)).toBe(0.5);
    expect(toldAt(claims, 'network', 0.25)).toBe(0);
    expect(toldAt(claims, 'learner', 0.5)).toBe(0);
  });

  it('are drawn, a panel for each distance and a line for each judge', () => {
    const chart = drawCurves(new Map(judged.map(({ km, claims }) => [km, claims])), 'npm run bench:judges');
    expect(chart.match(/<polyline/g)).toHaveLength(2 * CURVE_JUDGES.length);
    expect(chart).toContain('moved 20 km');
  });
});
