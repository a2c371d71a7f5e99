import type { Clock } from '@sextant/firmware-bridge/clock';
import { epochAt, type GrantKind, type ParticipantKind, type Timing } from '@sextant/firmware-bridge/protocol';
import type { LogWriter } from './log-writer.ts';
import type { OwnRecords } from './own-records.ts';
import type { Participants } from './participants.ts';
import type { SignRecord } from './record-signer.ts';

/** An anchor is an audited hotspot; a survey device is one whose transmissions may count. */
export const KIND_OF_GRANT: Readonly<Record<GrantKind, ParticipantKind>> = {
  anchor: 'hotspot',
  survey_device: 'survey_device',
};

export interface GrantRequest {
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly grant: GrantKind;
  /** For how many epochs, the running one among them. */
  readonly epochs: number;
}

export type GrantResult =
  | {
      readonly ok: true;
      /** The last epoch it is in force in. */
      readonly lastEpoch: number;
      /** False: a grant of this validator that lasts as long or longer stood already, and nothing was written. */
      readonly isNew: boolean;
    }
  | { readonly ok: false; readonly reason: 'unknown_key' | 'other_kind' };

interface GrantDeskModules {
  readonly participants: Participants;
  readonly ownRecords: OwnRecords;
  readonly log: LogWriter<unknown>;
  readonly sign: SignRecord;
  readonly clock: Clock;
}

/** Writes what the operator grants into the log: an expiring record each. */
export interface GrantDesk {
  /** Granting again prolongs; a grant is never shortened. Rejects when the log cannot be written. */
  grant(request: GrantRequest): Promise<GrantResult>;
}

export function createGrantDesk({ timing }: { readonly timing: Timing }, modules: GrantDeskModules): GrantDesk {
  const { participants, ownRecords, log, sign, clock } = modules;
  return {
    async grant({ key, grant, epochs }) {
      const participant = participants.find(key);
      if (!participant) return { ok: false, reason: 'unknown_key' };
      if (participant.kind !== KIND_OF_GRANT[grant]) return { ok: false, reason: 'other_kind' };
      const lastEpoch = Math.max(0, epochAt(timing, clock.now())) + epochs - 1;
      const standing = ownRecords.findGrant(key, grant);
      if (standing !== undefined && standing >= lastEpoch) return { ok: true, lastEpoch: standing, isNew: false };
      const record = { kind: 'grant', key: participant.key, grant, lastEpoch } as const;
      const written = log.appendRecord(sign(record));
      ownRecords.observe(record);
      await written;
      return { ok: true, lastEpoch, isNew: true };
    },
  };
}
