import {
  decodeEnvelope,
  decodeReportBatch,
  decodeValidatorRecord,
  type ReportBatch,
  type ValidatorRecord,
} from '@sextant/firmware-bridge/protocol';

export type LogEntry =
  | { readonly kind: 'batch'; readonly signer: Uint8Array; readonly batch: ReportBatch }
  | { readonly kind: 'record'; readonly record: ValidatorRecord }
  | { readonly kind: 'unreadable' };

/** A log entry's bytes → its content. Signatures were verified before it was appended. */
export function decodeLogEntry(bytes: Uint8Array): LogEntry {
  const envelope = decodeEnvelope(bytes);
  if (!envelope.ok) return { kind: 'unreadable' };
  const { kind, payload, signer } = envelope.value;
  if (kind === 'report_batch') {
    const batch = decodeReportBatch(payload);
    return batch.ok ? { kind: 'batch', signer, batch: batch.value } : { kind: 'unreadable' };
  }
  const record = decodeValidatorRecord(payload);
  return record.ok ? { kind: 'record', record: record.value } : { kind: 'unreadable' };
}
