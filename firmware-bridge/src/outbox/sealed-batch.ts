import type { Signer } from '../crypto/native-ed25519.ts';
import {
  decodeEnvelope,
  decodeReport,
  decodeReportBatch,
  encodeEnvelope,
  encodeReportBatch,
  envelopeMessage,
  type Report,
  type UnixMs,
} from '../protocol/index.ts';
import { countKinds, type KindCounts } from './outbox-counts.ts';

/** A batch that has its name and signature: these bytes are sent until they are receipted, never others. */
export interface SealedBatch {
  /** Names it within the outbox: the number of its first report. */
  readonly number: number;
  readonly incarnation: bigint;
  readonly sequence: number;
  readonly envelope: Uint8Array;
  readonly reports: KindCounts;
}

/**
 * Reports of one batch, encoded, take at most this much: with names, signature, MQTT header and topic the packet stays
 * under the 64 KiB that brokers are asked to accept and the 65,535 bytes of a log entry.
 */
export const BATCH_REPORTS_MAX_BYTES = 64_000;
/** What the wire adds to each report: a tag and a length. */
export const REPORT_WIRE_OVERHEAD = 4;

export interface BatchName {
  readonly networkId: string;
  readonly incarnation: bigint;
  readonly sequence: number;
  readonly createdAtMs: UnixMs;
}

export function sealBatch(number: number, name: BatchName, reports: readonly Report[], signer: Signer): SealedBatch {
  const { networkId, incarnation, sequence, createdAtMs } = name;
  const payload = encodeReportBatch({ hotspot: signer.publicKey, incarnation, sequence, createdAtMs, reports });
  const signature = signer.sign(envelopeMessage(networkId, 'report_batch', payload));
  const envelope = encodeEnvelope({ kind: 'report_batch', payload, signer: signer.publicKey, signature });
  return { number, incarnation, sequence, envelope, reports: countKinds(reports) };
}

/** The batch in stored bytes. Throws when they are not one: LevelDB's checksums make that a bug, not an accident. */
export function readSealedBatch(number: number, stored: Uint8Array): SealedBatch {
  const envelope = decodeEnvelope(stored);
  const batch = envelope.ok ? decodeReportBatch(envelope.value.payload) : envelope;
  if (!batch.ok) throw new TypeError(`stored batch ${number} is unreadable: ${batch.reason} ${batch.field}`);
  const { incarnation, sequence, reports } = batch.value;
  return { number, incarnation, sequence, envelope: stored, reports: countKinds(reports) };
}

/** The report in stored bytes. Throws likewise. */
export function readStoredReport(stored: Uint8Array): Report {
  const report = decodeReport(stored);
  if (!report.ok) throw new TypeError(`a stored report is unreadable: ${report.reason} ${report.field}`);
  return report.value;
}
