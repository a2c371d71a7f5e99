import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INITIAL_STANDING } from '../../location/evidence.ts';
import type { LocationVerdict } from '../../location/judge-location.ts';
import { PRODUCTION_TIMING, ruleSet2 } from '../../ruleset/index.ts';
import type { PlaceState } from '../state/place-state.ts';
import { dueReleases, settleGrace } from './settle-grace.ts';

const ruleSet = ruleSet2(PRODUCTION_TIMING);
const EMISSION = 1_000_000n;
const keyOf = (i: number): Uint8Array => new Uint8Array(32).fill(i + 1);
const nameOf = (i: number): string => Buffer.from(keyOf(i)).toString('hex');

function holding(...amounts: readonly bigint[]): PlaceState[] {
  return amounts.map((held, i) => ({
    key: keyOf(i),
    standing: { ...INITIAL_STANDING, grace: { epochs: 2, held, over: false } },
  }));
}

function judged(places: readonly PlaceState[], outcome: LocationVerdict['outcome']) {
  const locations = places.map(({ key }, radio) => ({ radio, key, outcome }) as LocationVerdict);
  return { locations, places, payByKey: new Map() };
}

describe('what was held', () => {
  it('is paid in full where a fifth of the emission suffices, else in proportion, and the rest waits', () => {
    const few = judged(holding(100n, 50n), 'valid');
    expect([...dueReleases(few, EMISSION, ruleSet).values()]).toEqual([100n, 50n]);
    const many = judged(holding(300_000n, 100_000n), 'valid');
    const releases = dueReleases(many, EMISSION, ruleSet);
    expect([...releases.values()]).toEqual([150_000n, 50_000n]);
    const after = settleGrace(many, { lines: [], releases }, ruleSet);
    expect(after.map(({ standing }) => standing.grace)).toEqual([
      { epochs: 2, held: 150_000n, over: true },
      { epochs: 2, held: 50_000n, over: true },
    ]);
    const rest = dueReleases(judged(after, 'valid'), EMISSION, ruleSet);
    expect([...rest.values()]).toEqual([150_000n, 50_000n]);
  });

  it('never takes more than its part of the emission, and is never paid twice', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { maxLength: 8 }), (amounts) => {
        let places = holding(...amounts);
        const paid = new Map<string, bigint>();
        for (let epoch = 0; epoch < 60_000 && places.some(({ standing }) => standing.grace.held > 0n); epoch += 1_000) {
          const emission = EMISSION * 1_000n;
          const releases = dueReleases(judged(places, 'valid'), emission, ruleSet);
          const sum = [...releases.values()].reduce((total, amount) => total + amount, 0n);
          expect(sum).toBeLessThanOrEqual(emission / 5n);
          for (const [name, amount] of releases) paid.set(name, (paid.get(name) ?? 0n) + amount);
          places = settleGrace(judged(places, 'valid'), { lines: [], releases }, ruleSet);
        }
        amounts.forEach((amount, i) => expect(paid.get(nameOf(i)) ?? 0n).toBe(amount));
      }),
    );
  });

  it('is forfeited by a refutation, and when the grace runs out', () => {
    const refuted = settleGrace(judged(holding(100n), 'invalid'), { lines: [], releases: new Map() }, ruleSet);
    expect(refuted[0]?.standing.grace).toEqual({ epochs: 2, held: 0n, over: true });
    let places = holding(100n);
    for (let epoch = 0; epoch < ruleSet.rewards.insufficientEpochs; epoch++) {
      places = settleGrace(judged(places, 'insufficient'), { lines: [], releases: new Map() }, ruleSet);
    }
    expect(places[0]?.standing.grace).toMatchObject({ held: 0n, over: true });
    expect(dueReleases(judged(places, 'valid'), EMISSION, ruleSet).size).toBe(0);
  });
});
