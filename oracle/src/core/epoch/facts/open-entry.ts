import {
  decodeEnvelope,
  decodeReportBatch,
  decodeValidatorRecord,
  type Envelope,
  envelopeMessage,
  equalBytes,
  type ReportBatch,
  type ValidatorRecord,
  type VerifySignature,
} from '@sextant/firmware-bridge/protocol';

/** Why a log entry says nothing. Admission refuses all of these; a log that holds one was kept by a faulty validator. */
export const ENTRY_REFUSALS = [
  'malformed',
  'wrong_signer',
  'bad_signature',
  'unknown_validator',
  'not_the_keeper',
  'foreign_log',
] as const;
export type EntryRefusal = (typeof ENTRY_REFUSALS)[number];

export type OpenedEntry =
  | { readonly kind: 'batch'; readonly batch: ReportBatch; readonly payload: Uint8Array }
  | { readonly kind: 'record'; readonly record: ValidatorRecord; readonly payload: Uint8Array }
  | { readonly kind: 'refused'; readonly reason: EntryRefusal };

const refused = (reason: EntryRefusal): OpenedEntry => ({ kind: 'refused', reason });

const FIRST_WITH_APPEALS_AND_REGISTRY = 2;

/**
 * Whether the entry is one that rule set knows. What a later one has added is malformed under an earlier one, as it was
 * when that was written.
 */
export function isKnownTo(ruleSet: number, opened: OpenedEntry): boolean {
  if (ruleSet >= FIRST_WITH_APPEALS_AND_REGISTRY || opened.kind === 'refused') return true;
  if (opened.kind === 'record') return opened.record.kind !== 'review' && opened.record.kind !== 'registry_events';
  return opened.batch.reports.every(({ kind }) => kind !== 'appeal');
}

/** A log entry as it was signed. Schema, signer and signature are judged here again: admission was one validator's word. */
export function openEntry(networkId: string, entry: Uint8Array, verify: VerifySignature): OpenedEntry {
  const decoded = decodeEnvelope(entry);
  if (!decoded.ok) return refused('malformed');
  const envelope = decoded.value;
  const opened = envelope.kind === 'report_batch' ? openBatch(envelope) : openRecord(envelope);
  if (opened.kind === 'refused') return opened;
  const message = envelopeMessage(networkId, envelope.kind, envelope.payload);
  return verify(envelope.signature, message, envelope.signer) ? opened : refused('bad_signature');
}

function openBatch({ payload, signer }: Envelope): OpenedEntry {
  const batch = decodeReportBatch(payload);
  if (!batch.ok) return refused('malformed');
  return equalBytes(batch.value.hotspot, signer)
    ? { kind: 'batch', batch: batch.value, payload }
    : refused('wrong_signer');
}

function openRecord({ payload, signer }: Envelope): OpenedEntry {
  const record = decodeValidatorRecord(payload);
  if (!record.ok) return refused('malformed');
  return equalBytes(record.value.validator, signer)
    ? { kind: 'record', record: record.value, payload }
    : refused('wrong_signer');
}
