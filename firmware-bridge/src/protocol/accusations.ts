import type { Reason } from './verdict.ts';

/** What can be held against a key over the epochs, and appealed. Wire numbers are those of `REASONS`. */
export const ACCUSATION_CODES = [
  'location_refuted',
  'residual_spread_narrow',
  'levels_not_reciprocal',
  'power_steps_ignored',
  'witness_sets_alike',
  'unheard_cluster',
  'late_both_ways',
] as const satisfies readonly Reason[];
export type AccusationCode = (typeof ACCUSATION_CODES)[number];

/** What validators say to an appeal. */
export const RULINGS = { upheld: 1, dismissed: 2 } as const;
export type Ruling = keyof typeof RULINGS;
