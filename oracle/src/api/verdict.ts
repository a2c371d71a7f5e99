import type { Check, Outcome, Reason, SubjectKind } from '@sextant/firmware-bridge/protocol';
import type { HashText, ParticipantId } from './text.ts';

/** Who it is, with the three-word name people read. */
export interface ParticipantRef {
  readonly id: ParticipantId;
  readonly name: string;
}

/** Verdicts by outcome. */
export interface OutcomeCounts {
  readonly valid: number;
  readonly invalid: number;
  readonly insufficient: number;
}

/** One verdict, as it stands now. */
export interface VerdictView {
  readonly reportId: HashText;
  readonly subject: SubjectKind;
  readonly outcome: Outcome;
  readonly reason: Reason;
  /** The comparisons it rests on, in the order they were made; integers in the unit named. */
  readonly checks: readonly Check[];
  /** Who signed the report. */
  readonly reporter: ParticipantRef;
  /** Who sent the beacon or survey transmission; absent while nobody has revealed it. */
  readonly sender?: ParticipantRef;
  readonly round: number;
  readonly epoch: number;
  /** True once the epoch has closed; before, a later report can still change it. */
  readonly final: boolean;
  /** When the report says it was sent or received. */
  readonly atMs: number;
  /** Beacon: verdicts on those who heard it. */
  readonly heardBy?: OutcomeCounts;
  /** Witness: signal power at the witness normalised to 14 dBm EIRP, tenths of dBm. */
  readonly espDdbm?: number;
  /** Witness: between the centres of the two cells, metres. */
  readonly distanceM?: number;
}

export type { Check, CheckUnit, Outcome, Reason, SubjectKind } from '@sextant/firmware-bridge/protocol';
