import { describe, expect, it } from 'vitest';
import type { NetworkEvidence } from '../location/evidence.ts';
import { openLinkBook } from './link-book.ts';
import { findIgnoredPowerSteps } from './power-steps.ts';
import { withForged } from './samples/forged.ts';
import { freeSpaceDdb } from './samples/free-space.ts';
import { SAMPLE_RADIO, sampleEvidence, townCells } from './samples/small-world.ts';
import { TRUST_NUMBERS } from './samples/trust-numbers.ts';

const places = townCells(40, 8_000, 6).map((claimed) => ({ claimed }));
const honest = sampleEvidence(places);
const find = (evidence: NetworkEvidence, trust: (radio: number) => number = () => 10_000) =>
  findIgnoredPowerSteps(
    openLinkBook(evidence, new Map()),
    evidence.radios.map((_, i) => trust(i)),
    TRUST_NUMBERS,
  );

const told = (knowsSteps: boolean) =>
  withForged(
    honest,
    Array.from({ length: 39 }, (_, i) => [i + 1, 0] as const),
    {
      seed: 3,
      lossOf: (m, random) => freeSpaceDdb(m) + 200 + random.normal(80),
      spreadDdb: 45,
      knowsSteps,
    },
  );

/** Gateways that send at one power whatever is asked of them. */
function stuck(senders: ReadonlySet<number>): NetworkEvidence {
  const links = honest.links.map((link) => {
    if (!senders.has(link.sender)) return link;
    const { sumX, sumXX, sumXY } = link.steps;
    const flatXY = Math.round((sumX * link.steps.sumY) / link.count);
    const sumYY = link.sumSquaredLoss - sumXX + 2 * sumXY;
    return { ...link, sumSquaredLoss: sumYY + sumXX - 2 * flatXY, steps: { ...link.steps, sumXY: flatXY } };
  });
  return { ...honest, links };
}

describe('reported levels and the secret power steps', () => {
  it('go together at honest hotspots, strong links or weak', () => {
    expect(find(honest)).toEqual([]);
    for (const [count, widthM, interceptDdb] of [
      [60, 40_000, 1160],
      [60, 8_000, 1300],
    ] as const) {
      const cells = townCells(count, widthM, 7).map((claimed) => ({ claimed }));
      expect(find(sampleEvidence(cells, { ...SAMPLE_RADIO, interceptDdb, seed: 8 }))).toEqual([]);
    }
  });

  it('do not at one that invents levels without knowing the steps', () => {
    const [suspicion, ...others] = find(told(false));
    expect(others).toEqual([]);
    expect(suspicion).toMatchObject({ code: 'power_steps_ignored', radios: [0] });
    const slope = suspicion?.checks.find(({ check }) => check === 'power_step_slope');
    expect(Math.abs(slope?.observed ?? 9999)).toBeLessThan(2500);
    expect(slope?.limit).toBe(5000);
  });

  it('do at one that is told the steps by accomplices: this check cannot see it', () => {
    expect(find(told(true))).toEqual([]);
  });

  it('are held against no receiver where gateways ignore their power setting', () => {
    expect(find(stuck(new Set(Array.from({ length: 30 }, (_, i) => i + 5))))).toEqual([]);
  });
});
