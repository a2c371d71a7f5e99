import { hash } from 'node:crypto';
import {
  decodeEnvelope,
  decodeReportBatch,
  encodeEnvelope,
  envelopeMessage,
  type VerifySignature,
} from '@sextant/firmware-bridge/protocol';
import { type BatchName, readBatchName } from './batch-name.ts';

/** What can be said about a message by looking at nothing but its bytes. */
export interface Judgement {
  readonly finding: 'good' | 'bad_schema' | 'bad_signature';
  readonly name: BatchName;
  /** SHA-256 of the payload; of the whole message where no payload can be made out. */
  readonly payloadHash: Uint8Array;
  /** Who claims to have signed; all zero when that is unreadable. */
  readonly signer: Uint8Array;
  /** The batch names its signer as the hotspot. */
  readonly signerIsHotspot: boolean;
  /** Unix milliseconds; 0 when unreadable. */
  readonly createdAtMs: number;
  readonly reports: number;
}

const NOBODY = new Uint8Array(32);

/**
 * Schema and signature of one message: the two checks that cost time, made where they block nobody. Never throws.
 * An envelope has to be encoded as we encode it: its own bytes are not signed, and decoders differ about odd ones.
 */
export function judgeEnvelope(bytes: Uint8Array, networkId: string, verify: VerifySignature): Judgement {
  const unreadable = {
    finding: 'bad_schema',
    name: readBatchName(bytes),
    signer: NOBODY,
    signerIsHotspot: false,
    createdAtMs: 0,
    reports: 0,
  } as const;
  const envelope = decodeEnvelope(bytes);
  if (!envelope.ok) return { ...unreadable, payloadHash: sha256(bytes) };
  const { kind, payload, signer, signature } = envelope.value;
  const payloadHash = sha256(payload);
  const isOneEncoding = Buffer.compare(encodeEnvelope(envelope.value), bytes) === 0;
  const batch = isOneEncoding && kind === 'report_batch' ? decodeReportBatch(payload) : undefined;
  if (!batch?.ok) return { ...unreadable, signer, payloadHash };
  const { incarnation, sequence, createdAtMs, reports, hotspot } = batch.value;
  return {
    finding: verify(signature, envelopeMessage(networkId, kind, payload), signer) ? 'good' : 'bad_signature',
    name: { incarnation, sequence },
    payloadHash,
    signer,
    signerIsHotspot: Buffer.compare(signer, hotspot) === 0,
    createdAtMs,
    reports: reports.length,
  };
}

function sha256(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer');
}
