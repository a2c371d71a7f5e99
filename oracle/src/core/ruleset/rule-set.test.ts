import { createHash } from 'node:crypto';
import { bytesToHex, REGION_PLAN_NAMES } from '@sextant/firmware-bridge/protocol';
import { describe, expect, it } from 'vitest';
import type { ParameterTree } from './parameter.ts';
import { judgesPlaces, RULE_SET_NUMBERS, ruleSet1, ruleSet2, ruleSetFor, ruleSetJson } from './rule-set.ts';
import { DEMO_TIMING, PRODUCTION_TIMING } from './timing.ts';

const production = ruleSet1(PRODUCTION_TIMING);
const demo = ruleSet1(DEMO_TIMING);

describe('rule set 1', () => {
  it('has the published numbers', () => {
    const { timing, link, rewards, assertion, coverage } = production;
    expect(timing).toEqual({ ...PRODUCTION_TIMING, lateEpochs: 3, assertionDelayRounds: 2 });
    expect(demo.timing).toEqual({ ...DEMO_TIMING, lateEpochs: 600, assertionDelayRounds: 2 });
    expect([link.minDistanceM, link.frequencyToleranceHz, link.clockToleranceMs]).toEqual([700, 100_000, 2000]);
    expect([link.loudAllowanceDdb, link.quietAllowanceDdb, link.noiseFloorDdbm]).toEqual([60, 50, -1300]);
    expect([link.horizonMPerRootM, link.horizonAllowancePercent, link.paidWitnesses]).toEqual([4120, 20, 14]);
    expect([assertion.maxAntennaAglM, assertion.minAltitudeM, assertion.maxAltitudeM]).toEqual([150, -430, 5000]);
    expect([coverage.referenceEirpDdbm, coverage.notCoveredTransmissions]).toEqual([140, 3]);
    expect([rewards.insufficientEpochs, demo.rewards.insufficientEpochs]).toEqual([7, 10]);
    const shares = [rewards.validatorPercent, rewards.beaconerPercent, rewards.witnessPercent, rewards.surveyPercent];
    expect(shares).toEqual([7, 18, 50, 25]);
    expect(rewards.emissionPerDay).toBe(200_000_000_000_000_000_000_000n);
    expect(rewards.density).toContainEqual({ resolution: 7, neighbours: 4, target: 5, maximum: 10 });
  });

  it.each([production, ruleSet2(PRODUCTION_TIMING)])(
    'has a unit and a source beside every number',
    ({ parameters }) => {
      for (const [group, members] of Object.entries(parameters as ParameterTree)) {
        for (const [name, { unit, source }] of Object.entries(members)) {
          expect(unit, `${group}.${name}`).not.toBe('');
          expect(source.length, `${group}.${name}`).toBeGreaterThan(9);
        }
      }
    },
  );

  it('carries every channel plan', () => {
    expect(Object.keys(production.regions.plans)).toEqual(REGION_PLAN_NAMES);
  });

  it('cannot be changed', () => {
    for (const part of [production, production.link, production.link.snrFloorDdb, production.rewards.density[0]]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('is named by the SHA-256 of its JSON', () => {
    const json = ruleSetJson(production);
    expect(bytesToHex(production.id)).toBe(createHash('sha256').update(json).digest('hex'));
    const parsed = JSON.parse(json);
    expect(parsed.parameters.link.minDistanceM).toEqual({ unit: 'm', value: 700 });
    expect(parsed.parameters.rewards.emissionPerDay.value).toBe('200000000000000000000000');
    expect(Object.keys(parsed)).toEqual(['coreVersion', 'number', 'parameters']);
  });

  it('has one id for one set of numbers, and another for another', () => {
    expect(ruleSet1({ ...PRODUCTION_TIMING }).id).toEqual(production.id);
    expect(ruleSet1({ ...PRODUCTION_TIMING, clockMarginMs: 119_999 }).id).not.toEqual(production.id);
    expect(demo.id).not.toEqual(production.id);
    const cited = structuredClone(production.parameters);
    const link = { ...cited.link, minDistanceM: { ...cited.link.minDistanceM, source: 'a better citation' } };
    const other = { ...production, parameters: { ...cited, link } };
    expect(ruleSetJson(other)).toBe(ruleSetJson(production));
  });

  it('is found by its number, and nothing else is', () => {
    for (const number of RULE_SET_NUMBERS) expect(ruleSetFor(number, DEMO_TIMING)?.number).toBe(number);
    for (const number of [0, 3, 1.5, Number.NaN]) expect(ruleSetFor(number, DEMO_TIMING)).toBeUndefined();
  });
});

describe('rule set 2', () => {
  const second = ruleSet2(PRODUCTION_TIMING);

  it('has every number of rule set 1, and those places are judged by', () => {
    const shared = { ...production, link: { ...production.link, clockToleranceMs: 4000 } };
    for (const group of Object.keys(production.parameters) as (keyof typeof production.parameters)[]) {
      expect(second[group]).toEqual(shared[group]);
    }
    const { collusion, link, location, propagation, window } = second;
    expect([collusion.unheardNearestM, collusion.latePercent, collusion.lateProvenPercent]).toEqual([
      link.minDistanceM,
      50,
      75,
    ]);
    expect([location.provenDoubtMicronats, location.accusedEpochs, location.minWitnesses]).toEqual([9_200_000, 3, 4]);
    expect([location.silenceWeight, propagation.outlierPercent, propagation.offsetSigmaDdb]).toEqual([3_000, 2, 40]);
    expect(propagation.interceptSigmaDdb).toBe(139);
    expect(window.generationEpochs).toBe(7);
    expect([judgesPlaces(second), judgesPlaces(production)]).toEqual([true, false]);
    expect(second.coreVersion).toBe('2.0.0');
  });
});
