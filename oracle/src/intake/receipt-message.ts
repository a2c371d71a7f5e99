import type { Signer } from '@sextant/firmware-bridge/native-ed25519';
import { DOMAINS, domainMessage, uint16BigEndian, uint64BigEndian } from '@sextant/firmware-bridge/protocol';
import { ADMISSION_REASON_CODES, type AdmissionReason } from './admission-reason.ts';
import type { BatchName } from './batch-name.ts';
import type { InclusionEvidence } from './ports.ts';

/** Which batch of whom an answer is about. */
export interface AnsweredBatch {
  readonly hotspot: Uint8Array;
  readonly name: BatchName;
  readonly payloadHash: Uint8Array;
}

const RECEIPT = 0x0a;
const REFUSAL = 0x12;

/**
 * Bytes of a ReceiptMessage that carries a receipt (receipt.proto). Written by hand into one buffer: it is made for
 * every single batch, and a general encoder costs as much as everything else the intake does with one.
 */
export function encodeReceipt(batch: AnsweredBatch, evidence: InclusionEvidence): Uint8Array {
  const { incarnation, sequence } = batch.name;
  const { leafIndex, proof, checkpoint } = evidence;
  const length =
    fixed64Length(incarnation) +
    varintFieldLength(sequence) +
    bytesFieldLength(batch.payloadHash) +
    varintFieldLength(leafIndex) +
    proof.reduce((sum, hash) => sum + bytesFieldLength(hash), 0) +
    bytesFieldLength(checkpoint);
  const writer = messageWriter(RECEIPT, length);
  writer.fixed64(1, incarnation);
  writer.varint(2, sequence);
  writer.bytes(3, batch.payloadHash);
  writer.varint(4, leafIndex);
  for (const hash of proof) writer.bytes(5, hash);
  writer.bytes(6, checkpoint);
  return writer.message;
}

export interface RefusalTerms {
  readonly reason: AdmissionReason;
  /** Milliseconds until trying again may help; 0 = refused for good. */
  readonly retryAfterMs: number;
}

/** Bytes of a ReceiptMessage that carries a refusal, signed by the validator. */
export function encodeRefusal(
  networkId: string,
  batch: AnsweredBatch,
  terms: RefusalTerms,
  validator: Signer,
): Uint8Array {
  const { incarnation, sequence } = batch.name;
  const code = ADMISSION_REASON_CODES[terms.reason];
  const signature = validator.sign(
    domainMessage(
      DOMAINS.refusal,
      networkId,
      batch.hotspot,
      uint64BigEndian(incarnation),
      uint64BigEndian(sequence),
      batch.payloadHash,
      uint16BigEndian(code),
    ),
  );
  const length =
    fixed64Length(incarnation) +
    varintFieldLength(sequence) +
    bytesFieldLength(batch.payloadHash) +
    varintFieldLength(code) +
    bytesFieldLength(validator.publicKey) +
    bytesFieldLength(signature) +
    varintFieldLength(terms.retryAfterMs);
  const writer = messageWriter(REFUSAL, length);
  writer.fixed64(1, incarnation);
  writer.varint(2, sequence);
  writer.bytes(3, batch.payloadHash);
  writer.varint(4, code);
  writer.bytes(5, validator.publicKey);
  writer.bytes(6, signature);
  writer.varint(7, terms.retryAfterMs);
  return writer.message;
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length += 1;
  return length;
}

const fixed64Length = (value: bigint): number => (value === 0n ? 0 : 9);
const varintFieldLength = (value: number): number => (value === 0 ? 0 : 1 + varintLength(value));
const bytesFieldLength = (bytes: Uint8Array): number => 1 + varintLength(bytes.length) + bytes.length;

/** Writes proto3 fields with numbers below 16 in ascending order; zeros are left out, as proto3 does. */
function messageWriter(outerTag: number, bodyLength: number) {
  const message = Buffer.allocUnsafe(1 + varintLength(bodyLength) + bodyLength);
  let at = 0;
  const putVarint = (value: number): void => {
    let rest = value;
    while (rest >= 128) {
      message[at++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    message[at++] = rest;
  };
  message[at++] = outerTag;
  putVarint(bodyLength);
  return {
    message,
    fixed64(field: number, value: bigint): void {
      if (value === 0n) return;
      message[at] = field * 8 + 1;
      at = message.writeBigUInt64LE(value, at + 1);
    },
    varint(field: number, value: number): void {
      if (value === 0) return;
      message[at++] = field * 8;
      putVarint(value);
    },
    bytes(field: number, value: Uint8Array): void {
      message[at++] = field * 8 + 2;
      putVarint(value.length);
      message.set(value, at);
      at += value.length;
    },
  };
}
