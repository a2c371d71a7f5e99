import type { AdmissionReason } from '@sextant/firmware-bridge/protocol';
import type { Judgement } from './judge-envelope.ts';

/** A batch made later than this is from a clock that is wrong. */
export const CREATED_AHEAD_MAX_MS = 10 * 60_000;

export interface AdmissionWindow {
  /** Length of an epoch. */
  readonly epochMs: number;
  /** K: how many epochs late a batch may be. */
  readonly lateEpochs: number;
}

/**
 * Who signed it, judged after schema and signature: the order is that of the wire schema's reason codes, so that every
 * validator refuses one batch for one reason. Undefined = nothing wrong.
 */
export function findSenderFault(
  judgement: Judgement,
  isKnown: (publicKey: Uint8Array) => boolean,
  topicKey: Uint8Array,
): AdmissionReason | undefined {
  if (judgement.finding === 'bad_schema') return 'bad_schema';
  if (!isKnown(judgement.signer)) return 'unknown_key';
  if (judgement.finding === 'bad_signature') return 'bad_signature';
  if (!judgement.signerIsHotspot || Buffer.compare(judgement.signer, topicKey) !== 0) return 'wrong_sender';
  return undefined;
}

/** Whether the time it says it was made at is one the log still takes. */
export function findTimeFault(
  createdAtMs: number,
  nowMs: number,
  window: AdmissionWindow,
): AdmissionReason | undefined {
  if (createdAtMs > nowMs + CREATED_AHEAD_MAX_MS) return 'created_in_future';
  if (createdAtMs < nowMs - window.lateEpochs * window.epochMs) return 'too_old';
  return undefined;
}
