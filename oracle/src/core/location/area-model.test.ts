import { describe, expect, it } from 'vitest';
import { PRODUCTION_TIMING } from '../ruleset/index.ts';
import { ruleSet2 } from '../ruleset/rule-set.ts';
import { AreaModel } from './area-model.ts';
import { LAST_RESIDUAL_DDB } from './offset-likelihood.ts';
import type { Law } from './place-likelihood.ts';
import { PropagationModel } from './propagation-model.ts';

const numbers = ruleSet2(PRODUCTION_TIMING);
const prior = new PropagationModel(numbers);
const model = new AreaModel({ exponentPercent: 260, lossAtKmDdb: 1300, sigmaDdb: 80 }, prior.tables, numbers);

/** By how much less likely a level is that is so far from what is expected. */
const against = ({ heard }: Law, residualDdb: number): number =>
  (heard[LAST_RESIDUAL_DDB] as number) - (heard[LAST_RESIDUAL_DDB + residualDdb] as number);

describe('what is heard from a mountain in an area', () => {
  it('is expected by the law of mountains', () => {
    expect(model.hillLawFor({}).loss).toEqual(prior.hill.loss);
  });

  it('may differ from it by the walls of the others as well, which are known by the law of the streets', () => {
    expect(against(model.hillLawFor({}), 120)).toBeLessThan(0.6 * against(prior.hill, 120));
    expect(against(model.hillLawFor({ spreadDdb: 60 }), 120)).toBeLessThan(against(model.hillLawFor({}), 120));
  });
});
