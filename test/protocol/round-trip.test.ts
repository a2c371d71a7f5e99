import {
  ACCUSATION_CODES,
  decodeEnvelope,
  decodeReport,
  decodeReportBatch,
  decodeRoundCertificate,
  decodeValidatorRecord,
  decodeVerdict,
  encodeEnvelope,
  encodeReport,
  encodeReportBatch,
  encodeRoundCertificate,
  encodeValidatorRecord,
  encodeVerdict,
  GRANT_KINDS,
  type GrantKind,
  OUTCOMES,
  type Outcome,
  PARTICIPANT_KINDS,
  type ParticipantKind,
  REASONS,
  REGISTRY_EVENTS_MAX,
  REGISTRY_PARTS_MAX,
  type Reason,
  type RoundCertificate,
  RULINGS,
  type Ruling,
  reportId,
  SUBJECT_KINDS,
  type SubjectKind,
  type ValidatorRecord,
} from '@sextant/firmware-bridge/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, registryEvents, report, reportBatch } from '../support/report-arbitraries.ts';

const namesOf = <Name extends string>(codes: Readonly<Record<Name, number>>) =>
  fc.constantFrom(...(Object.keys(codes) as Name[]));
const ordinal = fc.integer({ min: 0, max: 2 ** 40 });

const certificate: fc.Arbitrary<RoundCertificate> = fc.record({
  kind: fc.constant('round_certificate' as const),
  round: ordinal,
  ruleSetId: bytes(32),
  reveals: fc.array(fc.record({ validator: bytes(32), chainLink: bytes(32) }), { maxLength: 7 }),
  entropy: bytes(32),
  signatures: fc.array(fc.record({ validator: bytes(32), signature: bytes(64) }), { maxLength: 7 }),
});

const genesis = fc.record({
  kind: fc.constant('genesis' as const),
  networkId: fc.stringMatching(/^[a-z0-9-]{1,32}$/),
  ruleSet: fc.integer({ min: 1, max: 0xffff }),
  ruleSetId: bytes(32),
  timing: fc.constant({
    genesisMs: 1_790_000_000_000,
    slotMs: 60_000,
    roundMs: 21_600_000,
    epochMs: 86_400_000,
    clockMarginMs: 120_000,
    epochGraceMs: 300_000,
  } as Extract<ValidatorRecord, { kind: 'genesis' }>['timing']),
  validators: fc.array(
    fc.record({ logKey: bytes(32), chainAnchor: bytes(32), firstRound: ordinal, owner: bytes(20) }),
    { minLength: 1, maxLength: 7 },
  ),
});

const record: fc.Arbitrary<ValidatorRecord> = fc
  .tuple(
    bytes(32),
    fc.oneof(
      certificate,
      genesis,
      registryEvents,
      fc.record({ kind: fc.constant('slot_closed' as const), slot: ordinal }),
      fc.record({ kind: fc.constant('epoch_mark' as const), epoch: ordinal, attempt: fc.nat(1000) }),
      fc.record({
        kind: fc.constant('grant' as const),
        key: bytes(32),
        grant: namesOf<GrantKind>(GRANT_KINDS),
        lastEpoch: ordinal,
      }),
      fc.record({
        kind: fc.constant('review' as const),
        key: bytes(32),
        accusation: fc.constantFrom(...ACCUSATION_CODES),
        appealEpoch: ordinal,
        ruling: namesOf<Ruling>(RULINGS),
      }),
      fc.record({
        kind: fc.constant('invitation' as const),
        key: bytes(32),
        participant: namesOf<ParticipantKind>(PARTICIPANT_KINDS),
        owner: bytes(20),
        codeHash: bytes(32),
        keySignature: bytes(64),
      }),
    ),
  )
  .map(([validator, rest]) => ({ validator, ...rest }));

describe('what is encoded comes back equal', () => {
  it('reports', () => {
    fc.assert(
      fc.property(report, (value) => {
        expect(decodeReport(encodeReport(value))).toEqual({ ok: true, value });
      }),
      { numRuns: 1_000 },
    );
  });

  it('batches in envelopes', () => {
    fc.assert(
      fc.property(reportBatch, bytes(64), (batch, signature) => {
        const envelope = {
          kind: 'report_batch' as const,
          payload: encodeReportBatch(batch),
          signer: batch.hotspot,
          signature,
        };
        const decoded = decodeEnvelope(encodeEnvelope(envelope));
        expect(decoded).toEqual({ ok: true, value: envelope });
        expect(decodeReportBatch(envelope.payload)).toEqual({ ok: true, value: batch });
      }),
    );
  });

  it('validator records and certificates', () => {
    fc.assert(
      fc.property(record, (value) => {
        expect(decodeValidatorRecord(encodeValidatorRecord(value))).toEqual({ ok: true, value });
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(certificate, (value) => {
        expect(decodeRoundCertificate(encodeRoundCertificate(value))).toEqual({ ok: true, value });
      }),
    );
  });

  it('as many registry events as one record may hold, within an entry', () => {
    const full = (length: number) => new Uint8Array(length).fill(0xff);
    const events = Array.from({ length: REGISTRY_EVENTS_MAX }, (_, i) => ({
      block: 2 ** 40,
      logIndex: 2 ** 32 - REGISTRY_EVENTS_MAX + i,
      event: 'registered' as const,
      key: full(32),
      owner: full(20),
      possession: full(64),
    }));
    const payload = encodeValidatorRecord({
      validator: full(32),
      kind: 'registry_events',
      chainId: Number.MAX_SAFE_INTEGER,
      registry: full(20),
      fromBlock: 2 ** 40,
      referenceBlock: 2 ** 40,
      referenceHash: full(32),
      part: REGISTRY_PARTS_MAX - 1,
      parts: REGISTRY_PARTS_MAX,
      events,
    });
    const decoded = decodeValidatorRecord(payload);
    expect(decoded.ok && decoded.value.kind === 'registry_events' && decoded.value.events).toEqual(events);
    const signed = { signer: new Uint8Array(32), signature: new Uint8Array(64) };
    expect(encodeEnvelope({ kind: 'validator_record', payload, ...signed }).length).toBeLessThanOrEqual(65_535);
  });

  it('verdicts', () => {
    const safe = fc.integer({ min: -(2 ** 52), max: 2 ** 52 - 1 });
    const check = fc.record(
      {
        check: fc.constantFrom('too_loud', 'horizon'),
        observed: safe,
        limit: safe,
        margin: safe,
        unit: fc.constant('ddB' as const),
      },
      { requiredKeys: ['check', 'unit'] },
    );
    const verdict = fc.record(
      {
        subject: namesOf<SubjectKind>(SUBJECT_KINDS),
        reportId: bytes(32),
        sender: bytes(32),
        round: ordinal,
        outcome: namesOf<Outcome>(OUTCOMES),
        reason: namesOf<Reason>(REASONS),
        checks: fc.array(check, { maxLength: 5 }),
      },
      { requiredKeys: ['subject', 'reportId', 'round', 'outcome', 'reason', 'checks'] },
    );
    fc.assert(
      fc.property(verdict, bytes(32), fc.boolean(), (value, reporter, final) => {
        expect(decodeVerdict(encodeVerdict({ ...value, reporter }, final))).toEqual({
          ok: true,
          value: { verdict: value, final },
        });
      }),
      { numRuns: 500 },
    );
  });
});

describe('a report id', () => {
  it('does not depend on the batch, but on every field, the signer and the network', () => {
    fc.assert(
      fc.property(report, report, bytes(32), (a, b, signer) => {
        const id = reportId('net-a', signer, a);
        const copy = decodeReport(encodeReport(a));
        expect(copy.ok && reportId('net-a', signer, copy.value)).toEqual(id);
        expect(reportId('net-b', signer, a)).not.toEqual(id);
        const sameContent = Buffer.from(encodeReport(a)).equals(Buffer.from(encodeReport(b)));
        if (!sameContent) expect(reportId('net-a', signer, b)).not.toEqual(id);
      }),
      { numRuns: 300 },
    );
  });
});
