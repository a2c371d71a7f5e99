import type { Judgement } from './judge-envelope.ts';

/**
 * What travels between the intake and a signature worker: one ArrayBuffer each way, moved and not copied.
 * Job: count (uint32), then per message its length (uint32), then the messages. Result: one fixed record a message.
 */
const RECORD_BYTES = 96;
const FINDINGS = ['good', 'bad_schema', 'bad_signature'] as const satisfies readonly Judgement['finding'][];

export function encodeJob(messages: readonly Uint8Array[]): ArrayBuffer {
  const head = 4 + 4 * messages.length;
  const bytes = new Uint8Array(messages.reduce((sum, message) => sum + message.length, head));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, messages.length);
  let at = head;
  messages.forEach((message, i) => {
    view.setUint32(4 + 4 * i, message.length);
    bytes.set(message, at);
    at += message.length;
  });
  return bytes.buffer;
}

export function decodeJob(job: ArrayBuffer): Uint8Array[] {
  const view = new DataView(job);
  const count = view.getUint32(0);
  let at = 4 + 4 * count;
  return Array.from({ length: count }, (_, i) => {
    const length = view.getUint32(4 + 4 * i);
    at += length;
    return new Uint8Array(job, at - length, length);
  });
}

export function encodeJudgements(judgements: readonly Judgement[]): ArrayBuffer {
  const bytes = new Uint8Array(RECORD_BYTES * judgements.length);
  const view = new DataView(bytes.buffer);
  judgements.forEach((judgement, i) => {
    const at = RECORD_BYTES * i;
    view.setUint8(at, FINDINGS.indexOf(judgement.finding));
    view.setUint8(at + 1, judgement.signerIsHotspot ? 1 : 0);
    view.setUint16(at + 2, judgement.reports);
    view.setBigUint64(at + 8, judgement.name.incarnation);
    view.setFloat64(at + 16, judgement.name.sequence);
    view.setFloat64(at + 24, judgement.createdAtMs);
    bytes.set(judgement.payloadHash, at + 32);
    bytes.set(judgement.signer, at + 64);
  });
  return bytes.buffer;
}

export function decodeJudgements(result: ArrayBuffer): Judgement[] {
  const view = new DataView(result);
  return Array.from({ length: result.byteLength / RECORD_BYTES }, (_, i) => {
    const at = RECORD_BYTES * i;
    return {
      finding: FINDINGS[view.getUint8(at)] ?? 'bad_schema',
      signerIsHotspot: view.getUint8(at + 1) === 1,
      reports: view.getUint16(at + 2),
      name: { incarnation: view.getBigUint64(at + 8), sequence: view.getFloat64(at + 16) },
      createdAtMs: view.getFloat64(at + 24),
      payloadHash: new Uint8Array(result, at + 32, 32),
      signer: new Uint8Array(result, at + 64, 32),
    };
  });
}
