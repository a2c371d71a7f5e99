/** Where settlement stands; closed. Labels of a metric and codes in log lines. */
export const SETTLEMENT_STATES = [
  /** Every closed epoch is activated. */
  'up_to_date',
  /** A transaction of ours is on its way, or not final yet. */
  'waiting_for_transaction',
  /** The epoch is posted; its veto window is open. */
  'veto_window',
  /** The guardian threw the epoch away: a person has to look. */
  'vetoed',
  /** Something else is posted than this validator computed: a person has to look. */
  'disputed',
  /** What is activated is not what this validator computed: a person has to look. */
  'diverged',
  /** The contracts were deployed for other epochs or another emission: a person has to look. */
  'other_schedule',
  'paused',
  /** Our account is not in the validator set. */
  'not_in_set',
  /** Fewer votes than the set's threshold. */
  'no_quorum',
  /** A contract refused; usually somebody was faster. */
  'refused',
  /** Too few endpoints answer, or they do not agree. */
  'no_chain',
] as const;
export type SettlementState = (typeof SETTLEMENT_STATES)[number];

export interface SettlementStatus {
  readonly state: SettlementState;
  /** The epoch to be settled next. */
  readonly epoch: number;
  /** Unix time from which looking again is worth it, milliseconds; absent: at the next turn. */
  readonly dueAtMs?: number;
  /** What a person should know. */
  readonly facts?: Readonly<Record<string, unknown>>;
}
