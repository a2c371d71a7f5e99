import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type Decoded, decoding, FieldError } from './decode-failure.ts';
import { bytesOf, codeName, ordinalOf } from './fields.ts';
import { VerdictMessageSchema, type Check as WireCheck } from './generated/sextant/v1/verdict_pb.ts';
import { CHECK_UNITS, type Check, type CheckUnit, OUTCOMES, REASONS, SUBJECT_KINDS, type Verdict } from './verdict.ts';

const VERDICT_MAX_BYTES = 8_192;
const CHECKS_MAX = 64;

export interface VerdictMessage {
  /** Without the reporter: the topic names it. */
  readonly verdict: Omit<Verdict, 'reporter'>;
  /** Provisional until the epoch is closed. */
  readonly final: boolean;
}

/** What the oracle publishes on `verdict/<hotspotId>`. */
export function encodeVerdict(verdict: Verdict, final: boolean): Uint8Array {
  return toBinary(
    VerdictMessageSchema,
    create(VerdictMessageSchema, {
      reportId: verdict.reportId,
      round: BigInt(verdict.round),
      outcome: OUTCOMES[verdict.outcome],
      reason: REASONS[verdict.reason],
      checks: verdict.checks.map(checkToWire),
      final,
      beaconHotspot: verdict.sender ?? new Uint8Array(0),
      subject: SUBJECT_KINDS[verdict.subject],
    }),
  );
}

export function decodeVerdict(bytes: Uint8Array): Decoded<VerdictMessage> {
  if (bytes.length > VERDICT_MAX_BYTES) return { ok: false, reason: 'too_large', field: '' };
  return decoding(() => {
    const wire = fromBinary(VerdictMessageSchema, bytes, { readUnknownFields: false });
    if (wire.checks.length > CHECKS_MAX) throw new FieldError('wrong_count', 'checks');
    const verdict = {
      subject: codeName(SUBJECT_KINDS, wire.subject, 'subject'),
      reportId: bytesOf(wire.reportId, 32, 'report_id'),
      ...(wire.beaconHotspot.length > 0 ? { sender: bytesOf(wire.beaconHotspot, 32, 'beacon_hotspot') } : {}),
      round: ordinalOf(wire.round, 'round'),
      outcome: codeName(OUTCOMES, wire.outcome, 'outcome'),
      reason: codeName(REASONS, wire.reason, 'reason'),
      checks: wire.checks.map(checkFromWire),
    };
    return { verdict, final: wire.final };
  });
}

function checkToWire(check: Check) {
  const number = (value: number | undefined, name: 'observed' | 'limit' | 'margin') =>
    value === undefined ? {} : { [name]: BigInt(value) };
  const { observed, limit, margin } = check;
  const numbers = { ...number(observed, 'observed'), ...number(limit, 'limit'), ...number(margin, 'margin') };
  return { check: check.check, unit: check.unit, ...numbers };
}

function checkFromWire(wire: WireCheck): Check {
  const number = (value: bigint | undefined, name: 'observed' | 'limit' | 'margin') =>
    value === undefined ? {} : { [name]: Number(BigInt.asIntN(53, value)) };
  const unit = CHECK_UNITS.find((known) => known === wire.unit);
  if (unit === undefined || wire.check.length > 64) throw new FieldError('unknown_code', 'checks.unit');
  const { observed, limit, margin } = wire;
  const numbers = { ...number(observed, 'observed'), ...number(limit, 'limit'), ...number(margin, 'margin') };
  return { check: wire.check, unit: unit satisfies CheckUnit, ...numbers };
}
