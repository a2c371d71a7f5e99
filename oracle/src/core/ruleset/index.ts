export type { Parameter, ParameterUnit } from './parameter.ts';
export type { TrustNumbers } from './parameters-2-trust.ts';
export {
  judgesPlaces,
  type LocationNumbers,
  RULE_SET_NUMBERS,
  type RuleSet,
  type RuleSet2,
  readsRegistry,
  ruleSet1,
  ruleSet2,
  ruleSetFor,
  ruleSetJson,
} from './rule-set.ts';
export {
  DEMO_TIMING,
  deriveTiming,
  PRODUCTION_TIMING,
  type TimingProblem,
  type TimingProfile,
} from './timing.ts';
