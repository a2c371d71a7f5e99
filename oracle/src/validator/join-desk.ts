import type { Clock } from '@sextant/firmware-bridge/clock';
import {
  epochAt,
  findKeyFault,
  invitationCodeHash,
  joinMessage,
  type ParticipantKind,
  type Timing,
  type VerifySignature,
} from '@sextant/firmware-bridge/protocol';
import type { InvitationCodeRefusal, InvitationCodes } from './invitation-codes.ts';
import type { LogWriter } from './log-writer.ts';
import type { OwnRecords } from './own-records.ts';
import type { Participants } from './participants.ts';
import type { SignRecord } from './record-signer.ts';

export interface JoinRequest {
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly participant: ParticipantKind;
  /** EVM address, 20 bytes. */
  readonly owner: Uint8Array;
  readonly code: string;
  /** Over `joinMessage`, by `key`. */
  readonly keySignature: Uint8Array;
}

export type JoinRefusal =
  | InvitationCodeRefusal
  | 'code_used'
  | 'other_kind'
  | 'key_not_allowed'
  | 'bad_signature'
  | 'other_owner';

export type JoinResult = { readonly ok: true } | { readonly ok: false; readonly reason: JoinRefusal };

export interface JoinDeskOptions {
  readonly networkId: string;
  readonly timing: Timing;
  /** A survey device's grant ends this many epochs after it joined. */
  readonly surveyGrantEpochs: number;
}

interface JoinDeskModules {
  readonly codes: InvitationCodes;
  readonly participants: Participants;
  readonly ownRecords: Pick<OwnRecords, 'observe'>;
  readonly log: LogWriter<unknown>;
  readonly sign: SignRecord;
  readonly clock: Clock;
  readonly verify: VerifySignature;
}

/** Makes keys known: an invitation in the log, and for a survey device the grant that lets its coverage count. */
export interface JoinDesk {
  /** Asking twice for the same key, kind and owner is no error. Rejects when the log cannot be written. */
  join(request: JoinRequest): Promise<JoinResult>;
}

export function createJoinDesk(options: JoinDeskOptions, modules: JoinDeskModules): JoinDesk {
  const { networkId, timing } = options;
  const { codes, participants, ownRecords, log, sign, clock, verify } = modules;
  const inWork = new Map<string, Promise<JoinResult>>();

  const findRefusal = (request: JoinRequest, codeHash: Uint8Array): JoinRefusal | undefined => {
    const code = codes.verify(request.code, clock.now());
    if (!code.ok) return code.reason;
    if (code.claims.participant !== request.participant) return 'other_kind';
    if (findKeyFault(request.key)) return 'key_not_allowed';
    if (!verify(request.keySignature, joinMessage(networkId, { ...request, codeHash }), request.key)) {
      return 'bad_signature';
    }
    return participants.isCodeUsed(codeHash) ? 'code_used' : undefined;
  };

  const admit = async (request: JoinRequest, codeHash: Uint8Array): Promise<JoinResult> => {
    const known = participants.find(request.key);
    if (known) {
      const same = known.kind === request.participant && Buffer.from(known.owner).equals(request.owner);
      return same ? { ok: true } : { ok: false, reason: 'other_owner' };
    }
    const reason = findRefusal(request, codeHash);
    if (reason) return { ok: false, reason };
    const { key, participant, owner, keySignature } = request;
    participants.reserveCode(codeHash);
    const written = [log.appendRecord(sign({ kind: 'invitation', key, participant, owner, codeHash, keySignature }))];
    if (participant === 'survey_device') {
      const lastEpoch = epochAt(timing, clock.now()) + options.surveyGrantEpochs;
      const grant = { kind: 'grant', key, grant: 'survey_device', lastEpoch } as const;
      written.push(log.appendRecord(sign(grant)));
      ownRecords.observe(grant);
    }
    await Promise.all(written);
    participants.add({ key, kind: participant, owner });
    return { ok: true };
  };

  return {
    join(request) {
      const codeHash = invitationCodeHash(request.code);
      const name = Buffer.from(request.key).toString('latin1');
      const running = inWork.get(name);
      if (running) return running;
      const joining = admit(request, codeHash).finally(() => inWork.delete(name));
      inWork.set(name, joining);
      return joining;
    },
  };
}
