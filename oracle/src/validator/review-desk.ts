import type { Clock } from '@sextant/firmware-bridge/clock';
import { type AccusationCode, epochAt, type Ruling, type Timing } from '@sextant/firmware-bridge/protocol';
import { isDismissed, type RuleSet2, type StandingAccusation } from '../core/index.ts';
import type { LogWriter } from './log-writer.ts';
import type { OwnRecords } from './own-records.ts';
import type { SignRecord } from './record-signer.ts';

export interface ReviewRequest {
  /** The accused, 32 bytes. */
  readonly key: Uint8Array;
  /** What stood against it when the last epoch closed. */
  readonly accusations: readonly StandingAccusation[];
  readonly accusation: AccusationCode;
  readonly ruling: Ruling;
}

export type ReviewRefusal =
  | 'no_such_accusation'
  | 'not_appealed'
  | 'already_ruled'
  | 'too_late'
  /** This validator has said the opposite: each has one word. */
  | 'said_otherwise';

export type ReviewResult =
  | {
      readonly ok: true;
      readonly appealEpoch: number;
      /** False: this validator had said so already, and nothing was written. */
      readonly isNew: boolean;
    }
  | { readonly ok: false; readonly reason: ReviewRefusal };

interface ReviewDeskModules {
  readonly ownRecords: OwnRecords;
  readonly log: LogWriter<unknown>;
  readonly sign: SignRecord;
  readonly clock: Clock;
}

/** Writes what the operator says to an appeal into the log. */
export interface ReviewDesk {
  /** Saying the same twice is no error. Rejects when the log cannot be written. */
  review(request: ReviewRequest): Promise<ReviewResult>;
}

export function createReviewDesk(
  { timing, numbers }: { readonly timing: Timing; readonly numbers: Pick<RuleSet2, 'accusation'> },
  { ownRecords, log, sign, clock }: ReviewDeskModules,
): ReviewDesk {
  const findRefusal = (accusation: StandingAccusation | undefined): ReviewRefusal | undefined => {
    if (!accusation) return 'no_such_accusation';
    const { appeal } = accusation;
    if (isDismissed(accusation) || appeal?.ruling) return 'already_ruled';
    if (!appeal) return 'not_appealed';
    const last = appeal.epoch + numbers.accusation.reviewEpochs;
    return epochAt(timing, clock.now()) > last ? 'too_late' : undefined;
  };

  return {
    async review({ key, accusations, accusation: code, ruling }) {
      const accusation = accusations.find((candidate) => candidate.code === code);
      const appealEpoch = accusation?.appeal?.epoch ?? -1;
      const said = ownRecords.findReview(key, code, appealEpoch);
      if (said === ruling) return { ok: true, appealEpoch, isNew: false };
      const reason = findRefusal(accusation) ?? (said === undefined ? undefined : 'said_otherwise');
      if (reason) return { ok: false, reason };
      const record = { kind: 'review', key, accusation: code, appealEpoch, ruling } as const;
      const written = log.appendRecord(sign(record));
      ownRecords.observe(record);
      await written;
      return { ok: true, appealEpoch, isNew: true };
    },
  };
}
