import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeEnvelope, encodeReportBatch, envelopeMessage, payloadHash } from './batch-codec.ts';
import { utf8ToBytes } from './bytes.ts';
import { formatCheckpoint } from './checkpoint.ts';
import { publicKeyOf, signMessage, verifySignature } from './ed25519.ts';
import { leafHash, nodeHash } from './merkle.ts';
import {
  ADMISSION_REASONS,
  type AdmissionReason,
  decodeReceiptMessage,
  encodeReceiptMessage,
  type Receipt,
  type Refusal,
  refusalMessage,
  verifyReceipt,
  verifyRefusal,
} from './receipt-codec.ts';
import { formatSignedNote, NOTE_SIGNATURE_TYPES, noteKeyId } from './signed-note.ts';
import { unixMs } from './units.ts';

const hotspotSeed = new Uint8Array(32).fill(1);
const hotspot = publicKeyOf(hotspotSeed);
const validatorSeed = new Uint8Array(32).fill(2);
const validatorKey = publicKeyOf(validatorSeed);
const origin = 'test/log';

function batch(sequence: number, incarnation = 77n): { envelope: Uint8Array; hash: Uint8Array } {
  const payload = encodeReportBatch({
    hotspot,
    incarnation,
    sequence,
    createdAtMs: unixMs(1_700_000_000_000),
    reports: [{ kind: 'gateway_status', framesReceived: 1, framesSent: 0, gatewaySoftware: '', gpsLock: false }],
  });
  const signature = signMessage(envelopeMessage('test', 'report_batch', payload), hotspotSeed);
  const envelope = encodeEnvelope({ kind: 'report_batch', payload, signer: hotspot, signature });
  return { envelope, hash: payloadHash(payload) };
}

function checkpoint(root: Uint8Array, size: number, name = origin, seed = validatorSeed): Uint8Array {
  const text = formatCheckpoint({ origin: name, size, root });
  const key = { name, type: NOTE_SIGNATURE_TYPES.ed25519, publicKey: publicKeyOf(seed) };
  return formatSignedNote(text, [{ name, keyId: noteKeyId(key), signature: signMessage(utf8ToBytes(text), seed) }]);
}

const first = batch(0);
const second = batch(1);
const root = nodeHash(leafHash(first.envelope), leafHash(second.envelope));

const receipt: Receipt = {
  kind: 'receipt',
  incarnation: 77n,
  sequence: 0,
  payloadHash: first.hash,
  leafIndex: 0,
  proof: [leafHash(second.envelope)],
  checkpoint: checkpoint(root, 2),
};

function refusalOf(reason: AdmissionReason, retryAfterMs = 0): Refusal {
  const name = { incarnation: 77n, sequence: 0, payloadHash: first.hash, reason };
  const signature = signMessage(refusalMessage('test', hotspot, name), validatorSeed);
  return { kind: 'refusal', ...name, validator: validatorKey, signature, retryAfterMs };
}

const receiptReason = (changed: Partial<Receipt>, envelope = first.envelope, expected = { origin, validatorKey }) => {
  const verdict = verifyReceipt(envelope, { ...receipt, ...changed }, expected, verifySignature);
  return verdict.ok ? 'ok' : verdict.reason;
};

describe('a receipt', () => {
  it('comes back as it was sent', () => {
    expect(decodeReceiptMessage(encodeReceiptMessage(receipt))).toEqual({ ok: true, value: receipt });
  });

  it('is a proof for its own batch only', () => {
    expect(receiptReason({})).toBe('ok');
    expect(receiptReason({}, second.envelope)).toBe('other_batch');
    expect(receiptReason({ payloadHash: second.hash, sequence: 1 }, second.envelope)).toBe('not_included');
    expect(
      receiptReason(
        { payloadHash: second.hash, sequence: 1, leafIndex: 1, proof: [leafHash(first.envelope)] },
        second.envelope,
      ),
    ).toBe('ok');
    expect(receiptReason({ incarnation: 78n })).toBe('other_batch');
    expect(receiptReason({ sequence: 1 })).toBe('other_batch');
    expect(receiptReason({}, utf8ToBytes('no envelope'))).toBe('not_a_batch');
  });

  it('needs the right log, key, root and path', () => {
    const otherKey = publicKeyOf(new Uint8Array(32).fill(9));
    expect(receiptReason({}, first.envelope, { origin: 'other/log', validatorKey })).toBe('bad_checkpoint');
    expect(receiptReason({}, first.envelope, { origin, validatorKey: otherKey })).toBe('bad_checkpoint');
    expect(receiptReason({ checkpoint: checkpoint(root, 2, 'other/log') })).toBe('bad_checkpoint');
    expect(receiptReason({ checkpoint: checkpoint(root, 2, origin, new Uint8Array(32).fill(9)) })).toBe(
      'bad_checkpoint',
    );
    expect(receiptReason({ checkpoint: checkpoint(leafHash(second.envelope), 2) })).toBe('not_included');
    expect(receiptReason({ leafIndex: 1 })).toBe('not_included');
    expect(receiptReason({ leafIndex: 2 })).toBe('not_included');
    expect(receiptReason({ proof: [] })).toBe('not_included');
  });
});

describe('a refusal', () => {
  const refusalReason = (refusal: Refusal, envelope = first.envelope, networkId = 'test', key = validatorKey) => {
    const verdict = verifyRefusal(envelope, refusal, { networkId, validatorKey: key }, verifySignature);
    return verdict.ok ? 'ok' : verdict.reason;
  };

  it.each(Object.keys(ADMISSION_REASONS) as AdmissionReason[])('comes back with reason %s', (reason) => {
    const refusal = refusalOf(reason, 1_500);
    expect(decodeReceiptMessage(encodeReceiptMessage(refusal))).toEqual({ ok: true, value: refusal });
    expect(refusalReason(refusal)).toBe('ok');
  });

  it('counts only when that validator signed it for that batch and reason', () => {
    const refusal = refusalOf('too_old');
    expect(refusalReason({ ...refusal, reason: 'too_large' })).toBe('bad_signature');
    expect(refusalReason(refusal, first.envelope, 'other')).toBe('bad_signature');
    expect(refusalReason(refusal, second.envelope)).toBe('other_batch');
    const otherKey = publicKeyOf(new Uint8Array(32).fill(9));
    expect(refusalReason(refusal, first.envelope, 'test', otherKey)).toBe('other_validator');
    expect(refusalReason({ ...refusal, signature: new Uint8Array(64) })).toBe('bad_signature');
  });
});

it('answers hostile bytes with a refusal, never a throw', () => {
  const good = encodeReceiptMessage(receipt);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(good.length - 1), (noise, at) => {
      decodeReceiptMessage(noise);
      const decoded = decodeReceiptMessage(good.map((byte, i) => (i === at ? byte ^ 0x55 : byte)));
      if (decoded.ok && decoded.value.kind === 'receipt') {
        const verdict = verifyReceipt(first.envelope, decoded.value, { origin, validatorKey }, verifySignature);
        expect(verdict.ok ? decoded.value : receipt).toEqual(receipt);
      }
    }),
  );
  expect(decodeReceiptMessage(new Uint8Array(20_000)).ok).toBe(false);
});
