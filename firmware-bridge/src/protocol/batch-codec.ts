import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { sha256 } from '@noble/hashes/sha2.js';
import { type Decoded, decoding, FieldError } from './decode-failure.ts';
import { DOMAINS, domainMessage } from './domain.ts';
import { bytesOf, ordinalOf, unixMsOf } from './fields.ts';
import { EnvelopeSchema, ReportBatchSchema, PayloadKind as WireKind } from './generated/sextant/v1/envelope_pb.ts';
import { ReportSchema } from './generated/sextant/v1/report_pb.ts';
import { reportFromWire, reportToWire } from './report-codec.ts';
import type { Envelope, PayloadKind, Report, ReportBatch } from './reports.ts';

/** A log entry, and so an envelope, has at most this many bytes (C2SP tlog-tiles: 16-bit length). */
export const ENVELOPE_MAX_BYTES = 65_535;
export const BATCH_MAX_REPORTS = 256;

const STRICT = { readUnknownFields: false } as const;

/** Bytes from the network → envelope. The payload stays the exact bytes that were signed; its content is not judged. */
export function decodeEnvelope(bytes: Uint8Array): Decoded<Envelope> {
  if (bytes.length > ENVELOPE_MAX_BYTES) return { ok: false, reason: 'too_large', field: '' };
  return decoding(() => {
    const wire = fromBinary(EnvelopeSchema, bytes, STRICT);
    if (wire.payload.length === 0) throw new FieldError('missing_field', 'payload');
    return {
      kind: payloadKindOf(wire.kind),
      payload: wire.payload,
      signer: bytesOf(wire.signer, 32, 'signer'),
      signature: bytesOf(wire.signature, 64, 'signature'),
    };
  });
}

function payloadKindOf(wire: number): PayloadKind {
  if (wire === WireKind.REPORT_BATCH) return 'report_batch';
  if (wire === WireKind.VALIDATOR_RECORD) return 'validator_record';
  throw new FieldError('unknown_code', 'kind');
}

export function encodeEnvelope(envelope: Envelope): Uint8Array {
  const kind = envelope.kind === 'report_batch' ? WireKind.REPORT_BATCH : WireKind.VALIDATOR_RECORD;
  const { payload, signer, signature } = envelope;
  return toBinary(EnvelopeSchema, create(EnvelopeSchema, { payload, signer, signature, kind }));
}

/** What an envelope's signature covers. */
export function envelopeMessage(networkId: string, kind: PayloadKind, payload: Uint8Array): Uint8Array {
  return domainMessage(kind === 'report_batch' ? DOMAINS.report : DOMAINS.record, networkId, payload);
}

/** Payload bytes → batch, every field of every report checked; one bad report refuses the batch. */
export function decodeReportBatch(payload: Uint8Array): Decoded<ReportBatch> {
  if (payload.length > ENVELOPE_MAX_BYTES) return { ok: false, reason: 'too_large', field: '' };
  return decoding(() => {
    const wire = fromBinary(ReportBatchSchema, payload, STRICT);
    const { reports } = wire;
    if (reports.length === 0 || reports.length > BATCH_MAX_REPORTS) throw new FieldError('wrong_count', 'reports');
    return {
      hotspot: bytesOf(wire.hotspot, 32, 'hotspot'),
      incarnation: wire.incarnation,
      sequence: ordinalOf(wire.sequence, 'sequence'),
      createdAtMs: unixMsOf(wire.createdAtMs, 'created_at_ms'),
      reports: reports.map((report, i) => reportFromWire(report, `reports[${i}]`)),
    };
  });
}

/** The payload bytes of a batch: what gets signed and travels. */
export function encodeReportBatch(batch: ReportBatch): Uint8Array {
  const { hotspot, incarnation, sequence, createdAtMs } = batch;
  return toBinary(
    ReportBatchSchema,
    create(ReportBatchSchema, {
      hotspot,
      incarnation,
      sequence: BigInt(sequence),
      createdAtMs: BigInt(createdAtMs),
      reports: batch.reports.map(reportToWire),
    }),
  );
}

/** The canonical encoding of one report. */
export function encodeReport(report: Report): Uint8Array {
  return toBinary(ReportSchema, reportToWire(report));
}

/** The report in `bytes`, as `encodeReport` wrote it. */
export function decodeReport(bytes: Uint8Array): Decoded<Report> {
  return decoding(() => reportFromWire(fromBinary(ReportSchema, bytes, STRICT), 'report'));
}

/**
 * Names a report whatever batch it came in:
 * SHA-256("sextant/v1/report-id" ‖ 0x00 ‖ networkId ‖ signer key ‖ canonical encoding of the report).
 */
export function reportId(networkId: string, signer: Uint8Array, report: Report): Uint8Array {
  return sha256(domainMessage(DOMAINS.reportId, networkId, signer, encodeReport(report)));
}

/** SHA-256 of the payload bytes: what a receipt names. */
export function payloadHash(payload: Uint8Array): Uint8Array {
  return sha256(payload);
}
