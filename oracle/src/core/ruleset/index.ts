export type { Parameter, ParameterUnit } from './parameter.ts';
export { parameters2Trust, type TrustNumbers } from './parameters-2-trust.ts';
export { RULE_SET_NUMBERS, type RuleSet, ruleSet1, ruleSetFor, ruleSetJson } from './rule-set.ts';
export {
  DEMO_TIMING,
  deriveTiming,
  PRODUCTION_TIMING,
  type TimingProblem,
  type TimingProfile,
} from './timing.ts';
