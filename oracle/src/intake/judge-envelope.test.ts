import { createNodeVerifier, createSeedSigner, fastVerifySignature } from '@sextant/firmware-bridge/native-ed25519';
import {
  encodeEnvelope,
  encodeReportBatch,
  encodeValidatorRecord,
  envelopeMessage,
  type PayloadKind,
  payloadHash,
  unixMs,
} from '@sextant/firmware-bridge/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBatchName } from './batch-name.ts';
import { judgeEnvelope } from './judge-envelope.ts';
import { decodeJob, decodeJudgements, encodeJob, encodeJudgements } from './verification-job.ts';

const signer = createSeedSigner(new Uint8Array(32).fill(3));

function batchPayload(hotspot = signer.publicKey, sequence = 12): Uint8Array {
  return encodeReportBatch({
    hotspot,
    incarnation: 0xfedc_ba98_7654_3210n,
    sequence,
    createdAtMs: unixMs(1_700_000_000_123),
    reports: [
      { kind: 'gateway_status', framesReceived: 1, framesSent: 2, gatewaySoftware: 'x', gpsLock: true },
      { kind: 'gateway_status', framesReceived: 3, framesSent: 4, gatewaySoftware: 'y', gpsLock: true },
    ],
  });
}

function envelope(payload: Uint8Array, kind: PayloadKind = 'report_batch', network = 'test'): Uint8Array {
  const signature = signer.sign(envelopeMessage(network, kind, payload));
  return encodeEnvelope({ kind, payload, signer: signer.publicKey, signature });
}

const judge = (bytes: Uint8Array) => judgeEnvelope(bytes, 'test', fastVerifySignature);

describe('judging an envelope', () => {
  it('reads everything that admission needs from a good batch', () => {
    const payload = batchPayload();
    expect(judge(envelope(payload))).toEqual({
      finding: 'good',
      name: { incarnation: 0xfedc_ba98_7654_3210n, sequence: 12 },
      payloadHash: Buffer.from(payloadHash(payload)),
      signer: signer.publicKey,
      signerIsHotspot: true,
      createdAtMs: 1_700_000_000_123,
      reports: 2,
    });
  });

  it('finds a signature for another network, and one over other bytes', () => {
    expect(judge(envelope(batchPayload(), 'report_batch', 'other')).finding).toBe('bad_signature');
    const bytes = envelope(batchPayload());
    const tampered = encodeEnvelope({
      kind: 'report_batch',
      payload: batchPayload(signer.publicKey, 13),
      signer: signer.publicKey,
      signature: bytes.slice(-64),
    });
    expect(judge(tampered)).toMatchObject({ finding: 'bad_signature', name: { sequence: 13 } });
  });

  it('says when the batch names another hotspot than its signer', () => {
    expect(judge(envelope(batchPayload(new Uint8Array(32).fill(9))))).toMatchObject({
      finding: 'good',
      signerIsHotspot: false,
    });
  });

  it('takes no record of a validator from a participant', () => {
    const record = encodeValidatorRecord({ kind: 'slot_closed', slot: 4, validator: signer.publicKey });
    expect(judge(envelope(record, 'validator_record')).finding).toBe('bad_schema');
  });

  it('takes an envelope in one encoding only', () => {
    const quick = createNodeVerifier();
    const good = envelope(batchPayload());
    for (let at = 0; at < good.length; at++) {
      for (const change of [1, 2, 4, 0x80, 0xfe]) {
        const changed = good.map((byte, i) => (i === at ? (byte + change) & 0xff : byte));
        expect(judgeEnvelope(changed, 'test', quick).finding).not.toBe('good');
      }
    }
    expect(judge(Buffer.concat([good, Buffer.of(0x20, 0)])).finding).toBe('bad_schema');
    expect(judge(Buffer.concat([good, Buffer.of(0x98, 0x06, 1)])).finding).toBe('bad_schema');
  });

  it('names what it cannot read as far as it can', () => {
    const payload = Buffer.concat([batchPayload(), Buffer.of(0x2a, 0x01, 0xff)]);
    expect(judge(envelope(payload))).toMatchObject({
      finding: 'bad_schema',
      name: { incarnation: 0xfedc_ba98_7654_3210n, sequence: 12 },
      payloadHash: Buffer.from(payloadHash(payload)),
    });
  });
});

it('judges any bytes without a throw, and reads a name of any bytes', () => {
  const good = envelope(batchPayload());
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(good.length - 1), fc.nat(255), (noise, at, byte) => {
      expect(judge(noise).finding).toBe('bad_schema');
      readBatchName(noise);
      const changed = good.map((old, i) => (i === at ? byte : old));
      const unchanged = changed.every((value, i) => value === good[i]);
      if (!unchanged) expect(judge(changed).finding).not.toBe('good');
    }),
  );
});

it('moves messages and judgements to a worker and back unchanged', () => {
  const messages = [envelope(batchPayload()), new Uint8Array(0), Buffer.from('noise')];
  expect(decodeJob(encodeJob(messages)).map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual(
    messages.map((bytes) => Buffer.from(bytes).toString('hex')),
  );
  const judgements = messages.map(judge);
  expect(decodeJudgements(encodeJudgements(judgements))).toEqual(
    judgements.map((judgement) => ({ ...judgement, payloadHash: new Uint8Array(judgement.payloadHash) })),
  );
});
