import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { decodeEnvelope, decodeReportBatch, ENVELOPE_MAX_BYTES, payloadHash } from './batch-codec.ts';
import { equalBytes, uint16BigEndian, uint64BigEndian } from './bytes.ts';
import { verifyCheckpoint } from './checkpoint.ts';
import { type Decoded, decoding, FieldError } from './decode-failure.ts';
import { DOMAINS, domainMessage } from './domain.ts';
import type { VerifySignature } from './ed25519.ts';
import { bytesOf, codeName, ordinalOf, safeInteger } from './fields.ts';
import {
  ReceiptMessageSchema,
  type Receipt as WireReceipt,
  type Refusal as WireRefusal,
} from './generated/sextant/v1/receipt_pb.ts';
import { leafHash, verifyInclusion } from './merkle.ts';
import { NOTE_SIGNATURE_TYPES } from './signed-note.ts';

/** Why a batch was not admitted to the log: stable codes, the numbers are the wire enum `AdmissionReason`. */
export const ADMISSION_REASONS = {
  too_large: 1,
  bad_schema: 2,
  unknown_key: 3,
  bad_signature: 4,
  wrong_sender: 5,
  created_in_future: 6,
  too_old: 7,
  rate_exceeded: 8,
  storage_unavailable: 9,
} as const;
export type AdmissionReason = keyof typeof ADMISSION_REASONS;

/** Names a batch of one hotspot, with the hash that tells two contents of one name apart. */
interface BatchName {
  readonly incarnation: bigint;
  readonly sequence: number;
  /** SHA-256 of the batch's payload bytes. */
  readonly payloadHash: Uint8Array;
}

export interface Receipt extends BatchName {
  readonly kind: 'receipt';
  readonly leafIndex: number;
  /** RFC 6962 audit path, leaf to root. */
  readonly proof: readonly Uint8Array[];
  /** C2SP signed note. */
  readonly checkpoint: Uint8Array;
}

export interface Refusal extends BatchName {
  readonly kind: 'refusal';
  readonly reason: AdmissionReason;
  /** Log key, 32 bytes. */
  readonly validator: Uint8Array;
  readonly signature: Uint8Array;
  /** When trying again may help, milliseconds from now; 0 = refused for good. */
  readonly retryAfterMs: number;
}

/** What the oracle publishes on `receipt/<hotspotId>`. */
export type ReceiptMessage = Receipt | Refusal;

/** A checkpoint and an audit path of at most 64 hashes fit many times. */
const MESSAGE_MAX_BYTES = 16_384;
const PROOF_MAX_HASHES = 64;

export function encodeReceiptMessage(message: ReceiptMessage): Uint8Array {
  const { incarnation, payloadHash: hash } = message;
  const name = { incarnation, sequence: BigInt(message.sequence), payloadHash: hash };
  if (message.kind === 'receipt') {
    const { checkpoint } = message;
    const value = { ...name, leafIndex: BigInt(message.leafIndex), proof: [...message.proof], checkpoint };
    return toBinary(ReceiptMessageSchema, create(ReceiptMessageSchema, { kind: { case: 'receipt', value } }));
  }
  const { validator, signature, retryAfterMs } = message;
  const value = { ...name, reason: ADMISSION_REASONS[message.reason], validator, signature, retryAfterMs };
  return toBinary(ReceiptMessageSchema, create(ReceiptMessageSchema, { kind: { case: 'refusal', value } }));
}

/** Bytes from the broker → receipt or refusal. Nothing in it may be believed before it was verified. */
export function decodeReceiptMessage(bytes: Uint8Array): Decoded<ReceiptMessage> {
  if (bytes.length > MESSAGE_MAX_BYTES) return { ok: false, reason: 'too_large', field: '' };
  return decoding(() => {
    const { kind } = fromBinary(ReceiptMessageSchema, bytes, { readUnknownFields: false });
    switch (kind.case) {
      case 'receipt':
        return receiptFromWire(kind.value);
      case 'refusal':
        return refusalFromWire(kind.value);
      case undefined:
        throw new FieldError('missing_field', 'kind');
    }
  });
}

function nameFromWire(wire: WireReceipt | WireRefusal): BatchName {
  return {
    incarnation: wire.incarnation,
    sequence: ordinalOf(wire.sequence, 'sequence'),
    payloadHash: bytesOf(wire.payloadHash, 32, 'payload_hash'),
  };
}

function receiptFromWire(wire: WireReceipt): Receipt {
  if (wire.proof.length > PROOF_MAX_HASHES) throw new FieldError('wrong_count', 'proof');
  if (wire.checkpoint.length === 0) throw new FieldError('missing_field', 'checkpoint');
  return {
    kind: 'receipt',
    ...nameFromWire(wire),
    leafIndex: safeInteger(wire.leafIndex, 'leaf_index'),
    proof: wire.proof.map((hash) => bytesOf(hash, 32, 'proof')),
    checkpoint: wire.checkpoint,
  };
}

function refusalFromWire(wire: WireRefusal): Refusal {
  return {
    kind: 'refusal',
    ...nameFromWire(wire),
    reason: codeName(ADMISSION_REASONS, wire.reason, 'reason'),
    validator: bytesOf(wire.validator, 32, 'validator'),
    signature: bytesOf(wire.signature, 64, 'signature'),
    retryAfterMs: wire.retryAfterMs,
  };
}

/** What a validator signs of a refusal. `retryAfterMs` is advice and not covered. */
export function refusalMessage(
  networkId: string,
  hotspot: Uint8Array,
  refusal: Pick<Refusal, 'incarnation' | 'sequence' | 'payloadHash' | 'reason'>,
): Uint8Array {
  const { incarnation, sequence, payloadHash: hash, reason } = refusal;
  return domainMessage(
    DOMAINS.refusal,
    networkId,
    hotspot,
    uint64BigEndian(incarnation),
    uint64BigEndian(sequence),
    hash,
    uint16BigEndian(ADMISSION_REASONS[reason]),
  );
}

export const RECEIPT_FAULTS = [
  'not_a_batch',
  'other_batch',
  'other_validator',
  'bad_checkpoint',
  'not_included',
  'bad_signature',
] as const;
export type ReceiptFault = (typeof RECEIPT_FAULTS)[number];

export type ReceiptVerdict = { readonly ok: true } | { readonly ok: false; readonly reason: ReceiptFault };

const no = (reason: ReceiptFault): ReceiptVerdict => ({ ok: false, reason });

/** The payload and the sender of the batch in `envelopeBytes`, when `name` is its name; else why not. */
function matchBatch(envelopeBytes: Uint8Array, name: BatchName): { hotspot: Uint8Array } | ReceiptVerdict {
  if (envelopeBytes.length > ENVELOPE_MAX_BYTES) return no('not_a_batch');
  const envelope = decodeEnvelope(envelopeBytes);
  if (!envelope.ok || envelope.value.kind !== 'report_batch') return no('not_a_batch');
  const { payload, signer } = envelope.value;
  if (!equalBytes(payloadHash(payload), name.payloadHash)) return no('other_batch');
  const batch = decodeReportBatch(payload);
  if (!batch.ok) return no('not_a_batch');
  const { incarnation, sequence } = batch.value;
  return incarnation === name.incarnation && sequence === name.sequence ? { hotspot: signer } : no('other_batch');
}

/**
 * Whether `receipt` proves that the envelope is in the log `origin` of the validator with that log key: it names this
 * very batch, the key signed the checkpoint, and the leaf is under its root. Never throws.
 */
export function verifyReceipt(
  envelopeBytes: Uint8Array,
  receipt: Receipt,
  expected: { readonly origin: string; readonly validatorKey: Uint8Array },
  verify: VerifySignature,
): ReceiptVerdict {
  const matched = matchBatch(envelopeBytes, receipt);
  if ('ok' in matched) return matched;
  const { origin, validatorKey } = expected;
  const key = { name: origin, type: NOTE_SIGNATURE_TYPES.ed25519, publicKey: validatorKey };
  const head = verifyCheckpoint(receipt.checkpoint, { origin, key }, verify);
  if (!head.ok) return no('bad_checkpoint');
  const { size: treeSize, root } = head.checkpoint;
  const claim = { leafIndex: receipt.leafIndex, treeSize, leafHash: leafHash(envelopeBytes), root };
  return verifyInclusion(claim, receipt.proof) ? { ok: true } : no('not_included');
}

/** Whether the validator with that log key really refused this very batch for this reason. Never throws. */
export function verifyRefusal(
  envelopeBytes: Uint8Array,
  refusal: Refusal,
  expected: { readonly networkId: string; readonly validatorKey: Uint8Array },
  verify: VerifySignature,
): ReceiptVerdict {
  const matched = matchBatch(envelopeBytes, refusal);
  if ('ok' in matched) return matched;
  if (!equalBytes(refusal.validator, expected.validatorKey)) return no('other_validator');
  const message = refusalMessage(expected.networkId, matched.hotspot, refusal);
  return verify(refusal.signature, message, expected.validatorKey) ? { ok: true } : no('bad_signature');
}
