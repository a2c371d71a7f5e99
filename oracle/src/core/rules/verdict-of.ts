import type { Check, Outcome, SubjectKind, Verdict } from '@sextant/firmware-bridge/protocol';
import type { RefusalReason } from './check-result.ts';
import type { Recorded } from './context.ts';

/**
 * `invalid` says that the report contradicts itself, the protocol or physics. `insufficient` says only that it proves
 * nothing: late, unlucky, too near. Nobody is ever accused by it.
 */
export const OUTCOME_OF_REASON: Readonly<Record<RefusalReason, Exclude<Outcome, 'valid'>>> = {
  unknown_key: 'insufficient',
  no_assertion_in_force: 'insufficient',
  cannot_transmit: 'invalid',
  chain_link_mismatch: 'invalid',
  round_void: 'insufficient',
  frame_mismatch: 'invalid',
  frequency_mismatch: 'invalid',
  spreading_factor_mismatch: 'invalid',
  bandwidth_mismatch: 'invalid',
  power_step_mismatch: 'invalid',
  slot_mismatch: 'invalid',
  power_above_plan: 'invalid',
  power_above_assertion: 'invalid',
  region_plan_mismatch: 'invalid',
  duplicate_beacon: 'invalid',
  batch_name_conflict: 'insufficient',
  revealed_before_slot_closed: 'invalid',
  outside_epoch: 'insufficient',
  wrong_participant_kind: 'invalid',
  no_such_beacon: 'insufficient',
  commitment_mismatch: 'invalid',
  after_slot_closed: 'insufficient',
  conflicting_reports: 'invalid',
  self_witness: 'insufficient',
  same_owner: 'insufficient',
  too_near: 'insufficient',
  beyond_horizon: 'invalid',
  clock: 'insufficient',
  too_loud: 'invalid',
  too_quiet: 'invalid',
  noise_too_low: 'invalid',
  beacon_not_valid: 'insufficient',
  no_grant: 'insufficient',
  index_reused: 'invalid',
  gnss_poor: 'insufficient',
  no_chain_anchor: 'insufficient',
  number_conflict: 'invalid',
  cell_not_allowed: 'invalid',
  antenna_height: 'invalid',
  altitude: 'invalid',
  power_levels: 'invalid',
  owner_signature: 'invalid',
  key_not_allowed: 'invalid',
  antenna_gain: 'invalid',
  too_few_witnesses: 'insufficient',
  untrusted: 'insufficient',
  location_doubted: 'insufficient',
  too_new: 'insufficient',
  location_refuted: 'invalid',
  residual_spread_narrow: 'invalid',
  levels_not_reciprocal: 'invalid',
  power_steps_ignored: 'invalid',
  witness_sets_alike: 'invalid',
  unheard_cluster: 'invalid',
  late_both_ways: 'invalid',
  no_such_accusation: 'insufficient',
  appeal_open: 'insufficient',
  already_reviewed: 'insufficient',
};

interface Judged {
  readonly subject: SubjectKind;
  readonly round: number;
  readonly sender?: Uint8Array;
  readonly checks: readonly Check[];
  readonly refusal: RefusalReason | undefined;
}

/** The verdict on a report: exactly one outcome, which follows from the first refusal. */
export function verdictOf(recorded: Recorded, judged: Judged): Verdict {
  const { subject, round, sender, checks, refusal } = judged;
  return {
    subject,
    reportId: recorded.reportId,
    reporter: recorded.reporter,
    ...(sender ? { sender } : {}),
    round,
    outcome: refusal === undefined ? 'valid' : OUTCOME_OF_REASON[refusal],
    reason: refusal ?? 'none',
    checks,
  };
}
