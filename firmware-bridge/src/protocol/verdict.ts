/**
 * Why a report is not valid. A closed list: names and numbers are stable for ever, the numbers are the wire enum
 * `sextant.v1.Reason`, and each name has its heading in oracle/docs/rules.md.
 */
export const REASONS = {
  none: 0,
  unknown_key: 1,
  no_assertion_in_force: 2,
  cannot_transmit: 3,
  chain_link_mismatch: 4,
  round_void: 5,
  frame_mismatch: 6,
  frequency_mismatch: 7,
  spreading_factor_mismatch: 8,
  bandwidth_mismatch: 9,
  power_step_mismatch: 10,
  slot_mismatch: 11,
  power_above_plan: 12,
  power_above_assertion: 13,
  region_plan_mismatch: 14,
  duplicate_beacon: 15,
  batch_name_conflict: 16,
  revealed_before_slot_closed: 17,
  outside_epoch: 18,
  wrong_participant_kind: 19,
  no_such_beacon: 30,
  commitment_mismatch: 31,
  after_slot_closed: 32,
  conflicting_reports: 33,
  self_witness: 34,
  same_owner: 35,
  too_near: 36,
  beyond_horizon: 37,
  clock: 41,
  too_loud: 42,
  too_quiet: 43,
  noise_too_low: 44,
  beacon_not_valid: 45,
  no_grant: 60,
  index_reused: 61,
  gnss_poor: 62,
  no_chain_anchor: 63,
  number_conflict: 70,
  cell_not_allowed: 71,
  antenna_height: 72,
  altitude: 73,
  power_levels: 74,
  owner_signature: 75,
  key_not_allowed: 76,
  antenna_gain: 77,
  too_few_witnesses: 90,
  untrusted: 91,
  location_doubted: 92,
  location_refuted: 93,
  too_new: 94,
  residual_spread_narrow: 100,
  levels_not_reciprocal: 101,
  power_steps_ignored: 102,
  witness_sets_alike: 103,
  unheard_cluster: 104,
  late_both_ways: 105,
  no_such_accusation: 110,
  appeal_open: 111,
  already_reviewed: 112,
} as const;
export type Reason = keyof typeof REASONS;

export const OUTCOMES = { valid: 1, invalid: 2, insufficient: 3 } as const;
export type Outcome = keyof typeof OUTCOMES;

export const SUBJECT_KINDS = { beacon: 1, witness: 2, survey: 3, assertion: 4, other: 5 } as const;
export type SubjectKind = keyof typeof SUBJECT_KINDS;

export const CHECK_UNITS = [
  'ddBm',
  'ddB',
  'm',
  'ms',
  'Hz',
  'count',
  'round',
  'slot',
  'bytes',
  'us',
  'tenths',
  'ddBi',
  'epoch',
  'dm/s',
  'micronat',
  'permyriad',
] as const;
export type CheckUnit = (typeof CHECK_UNITS)[number];

/** One comparison a verdict rests on, in integers. A number is absent where the check has none (a hash differs). */
export interface Check {
  readonly check: string;
  readonly observed?: number;
  readonly limit?: number;
  /** Distance to the limit; positive = inside it. */
  readonly margin?: number;
  readonly unit: CheckUnit;
}

/** Every report ends with exactly one outcome. `invalid` accuses; `insufficient` only says that nothing is proven. */
export interface Verdict {
  readonly subject: SubjectKind;
  /** 32 bytes. */
  readonly reportId: Uint8Array;
  /** Key of whoever signed the report, 32 bytes. */
  readonly reporter: Uint8Array;
  /** The beaconing hotspot or survey device; absent while nobody has revealed the transmission. */
  readonly sender?: Uint8Array;
  /** The round the report belongs to; for a survey report the round of its entropy. */
  readonly round: number;
  readonly outcome: Outcome;
  readonly reason: Reason;
  readonly checks: readonly Check[];
}
