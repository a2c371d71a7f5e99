import type { BatchName } from './batch-name.ts';
import type { LogProof } from './ports.ts';

const RECEIPT_TAG = 0x0a;

/**
 * The bytes that `encodeReceiptMessage` makes of a receipt, written by hand into one buffer: there is one for every
 * batch, and the general encoder takes eight times as long, as long as everything else this thread does for a batch.
 */
export function writeReceipt(name: BatchName, payloadHash: Uint8Array, logged: LogProof): Uint8Array {
  const { leafIndex, proof, checkpoint } = logged;
  const { incarnation, sequence } = name;
  let length = varintFieldLength(sequence) + varintFieldLength(leafIndex);
  if (incarnation !== 0n) length += 9;
  length += bytesFieldLength(payloadHash) + bytesFieldLength(checkpoint);
  for (const hash of proof) length += bytesFieldLength(hash);
  const message = Buffer.allocUnsafe(1 + varintLength(length) + length);
  message[0] = RECEIPT_TAG;
  let at = writeVarint(message, 1, length);
  if (incarnation !== 0n) {
    message[at] = (1 << 3) | 1;
    at = message.writeBigUInt64LE(incarnation, at + 1);
  }
  at = writeVarintField(message, at, 2, sequence);
  at = writeBytesField(message, at, 3, payloadHash);
  at = writeVarintField(message, at, 4, leafIndex);
  for (const hash of proof) at = writeBytesField(message, at, 5, hash);
  writeBytesField(message, at, 6, checkpoint);
  return message;
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length += 1;
  return length;
}

/** Zeros are left out, as proto3 does. */
const varintFieldLength = (value: number): number => (value === 0 ? 0 : 1 + varintLength(value));
const bytesFieldLength = (bytes: Uint8Array): number => 1 + varintLength(bytes.length) + bytes.length;

function writeVarint(into: Buffer, from: number, value: number): number {
  let at = from;
  let rest = value;
  while (rest >= 128) {
    into[at++] = (rest % 128) + 128;
    rest = Math.floor(rest / 128);
  }
  into[at++] = rest;
  return at;
}

function writeVarintField(into: Buffer, at: number, field: number, value: number): number {
  if (value === 0) return at;
  into[at] = field << 3;
  return writeVarint(into, at + 1, value);
}

function writeBytesField(into: Buffer, at: number, field: number, bytes: Uint8Array): number {
  into[at] = (field << 3) | 2;
  const start = writeVarint(into, at + 1, bytes.length);
  into.set(bytes, start);
  return start + bytes.length;
}
