import { fastVerifySignature } from '@sextant/firmware-bridge/native-ed25519';
import {
  bytesToHex,
  chainlessDomain,
  decodeReportBatch,
  decodeValidatorRecord,
  type Envelope,
  findSuccessorFault,
  formatId,
  type ParticipantKind,
} from '@sextant/firmware-bridge/protocol';
import type { KeyChanges } from '../core/index.ts';

export interface Participant {
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly kind: ParticipantKind;
  /** EVM address, 20 bytes. */
  readonly owner: Uint8Array;
}

/**
 * Who may log in and send reports: every key an entry of the log has made known. It is the log in memory, no truth of
 * its own; what counts for rewards is judged again by the core.
 */
export interface Participants {
  find(key: Uint8Array): Participant | undefined;
  isCodeUsed(codeHash: Uint8Array): boolean;
  /** From now on the code counts as used, before its invitation has reached the log. */
  reserveCode(codeHash: Uint8Array): void;
  add(participant: Participant): void;
  /** Learns what an entry of the log says about keys; everything else is ignored. */
  observe(envelope: Envelope): void;
  /** Learns what a closed epoch says about whose keys are whose. */
  learn(changes: KeyChanges): void;
  count(): Readonly<Record<ParticipantKind, number>>;
}

export function createParticipants(networkId: string): Participants {
  const byKey = new Map<string, Participant>();
  const usedCodes = new Set<string>();
  const add = (participant: Participant): void => {
    byKey.set(bytesToHex(participant.key), participant);
  };

  const domain = chainlessDomain(networkId);

  /** An old key hands over to a new one; the old one may still send what it signed before. */
  const observeBatch = (envelope: Envelope): void => {
    const old = byKey.get(bytesToHex(envelope.signer));
    const batch = decodeReportBatch(envelope.payload);
    if (!old || !batch.ok) return;
    for (const report of batch.value.reports) {
      if (report.kind !== 'successor' || byKey.has(bytesToHex(report.newKey))) continue;
      const fault = findSuccessorFault(networkId, old.key, report, old.owner, domain, fastVerifySignature);
      if (!fault) add({ ...old, key: report.newKey });
    }
  };

  return {
    find: (key) => byKey.get(bytesToHex(key)),
    isCodeUsed: (codeHash) => usedCodes.has(bytesToHex(codeHash)),
    reserveCode: (codeHash) => void usedCodes.add(bytesToHex(codeHash)),
    add,
    observe(envelope) {
      if (envelope.kind === 'report_batch') {
        observeBatch(envelope);
        return;
      }
      const record = decodeValidatorRecord(envelope.payload);
      if (!record.ok || record.value.kind !== 'invitation') return;
      const { key, participant, owner, codeHash } = record.value;
      add({ key, kind: participant, owner });
      usedCodes.add(bytesToHex(codeHash));
    },
    learn({ owned, gone }) {
      for (const { key, kind, owner } of owned) add({ key, kind, owner });
      for (const key of gone) byKey.delete(bytesToHex(key));
    },
    count() {
      const counts = { hotspot: 0, survey_device: 0 };
      for (const { kind } of byKey.values()) counts[kind]++;
      return counts;
    },
  };
}

/** `hs1…` or `sv1…`. */
export function participantId(participant: Pick<Participant, 'key' | 'kind'>): string {
  return formatId(participant.kind, participant.key);
}
