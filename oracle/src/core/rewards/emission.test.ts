import { describe, expect, it } from 'vitest';
import { DEMO_TIMING, PRODUCTION_TIMING, ruleSet1 } from '../ruleset/index.ts';
import { emissionOfEpoch, epochsOfDays } from './emission.ts';

const TOKEN = 10n ** 18n;
const production = ruleSet1(PRODUCTION_TIMING).rewards;

describe('emission', () => {
  it('is 200,000 tokens a day, and a 288th of that in five minutes', () => {
    expect(emissionOfEpoch(production, PRODUCTION_TIMING, 0)).toBe(200_000n * TOKEN);
    expect(emissionOfEpoch(production, DEMO_TIMING, 5)).toBe((200_000n * TOKEN) / 288n);
  });

  it('halves on day 730 and not before', () => {
    expect(emissionOfEpoch(production, PRODUCTION_TIMING, 729)).toBe(200_000n * TOKEN);
    expect(emissionOfEpoch(production, PRODUCTION_TIMING, 730)).toBe(100_000n * TOKEN);
    expect(emissionOfEpoch(production, PRODUCTION_TIMING, 1459)).toBe(100_000n * TOKEN);
    expect(emissionOfEpoch(production, DEMO_TIMING, 288 * 730)).toBe((100_000n * TOKEN) / 288n);
  });

  it('ends: after 78 halvings nothing is left', () => {
    expect(emissionOfEpoch(production, PRODUCTION_TIMING, 730 * 78)).toBe(0n);
    expect(emissionOfEpoch(production, PRODUCTION_TIMING, 2 ** 40)).toBe(0n);
  });

  it('counts days in whole epochs', () => {
    expect([epochsOfDays(PRODUCTION_TIMING, 7), epochsOfDays(DEMO_TIMING, 7)]).toEqual([7, 2016]);
    expect(epochsOfDays({ epochMs: 100_000_000 }, 1)).toBe(1);
  });
});
