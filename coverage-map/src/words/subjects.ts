import type { HexState, Outcome, RewardClass, SubjectKind } from '@sextant/oracle/api';

export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  valid: 'Valid',
  invalid: 'Invalid',
  insufficient: 'Not enough proof',
};

export const SUBJECT_WORDS: Readonly<Record<SubjectKind, string>> = {
  beacon: 'Beacon',
  witness: 'Witness report',
  survey: 'Survey transmission',
  assertion: 'Location assertion',
  other: 'Report',
};

export const HEX_STATE_WORDS: Readonly<Record<HexState, string>> = {
  covered: 'Covered',
  surveyed_not_covered: 'Surveyed, not covered',
  unknown: 'Not measured yet',
};

export const REWARD_CLASS_WORDS: Readonly<Record<RewardClass, string>> = {
  validator: 'validating',
  beaconer: 'beacons',
  witness: 'witnessing',
  survey: 'surveying',
};
