import { FieldError } from './decode-failure.ts';
import { bytesOf, ordinalOf, safeInteger, unixMsOf } from './fields.ts';
import type { RoundCertificate as WireCertificate, Genesis as WireGenesis } from './generated/sextant/v1/record_pb.ts';
import type { RoundCertificate, Timing } from './records.ts';
import { findTimingFault } from './time-grid.ts';

/** Parts of records that several messages hold. The decoders throw FieldError (see `decoding`). */

export const VALIDATORS_MAX = 64;

type WireTiming = Pick<WireGenesis, 'genesisMs' | 'slotMs' | 'roundMs' | 'epochMs' | 'clockMarginMs' | 'epochGraceMs'>;

export function timingFromWire(wire: WireTiming, path: string): Timing {
  const timing = {
    genesisMs: unixMsOf(wire.genesisMs, `${path}.genesis_ms`),
    slotMs: safeInteger(wire.slotMs, `${path}.slot_ms`),
    roundMs: safeInteger(wire.roundMs, `${path}.round_ms`),
    epochMs: safeInteger(wire.epochMs, `${path}.epoch_ms`),
    clockMarginMs: safeInteger(wire.clockMarginMs, `${path}.clock_margin_ms`),
    epochGraceMs: safeInteger(wire.epochGraceMs, `${path}.epoch_grace_ms`),
  };
  if (findTimingFault(timing)) throw new FieldError('out_of_range', `${path}.timing`);
  return timing;
}

export function timingToWire(timing: Timing): WireTiming {
  return {
    genesisMs: BigInt(timing.genesisMs),
    slotMs: BigInt(timing.slotMs),
    roundMs: BigInt(timing.roundMs),
    epochMs: BigInt(timing.epochMs),
    clockMarginMs: BigInt(timing.clockMarginMs),
    epochGraceMs: BigInt(timing.epochGraceMs),
  };
}

export function certificateFromWire(wire: WireCertificate): RoundCertificate {
  if (wire.reveals.length > VALIDATORS_MAX || wire.signatures.length > VALIDATORS_MAX) {
    throw new FieldError('wrong_count', 'round_certificate');
  }
  return {
    kind: 'round_certificate',
    round: ordinalOf(wire.round, 'round_certificate.round'),
    ruleSetId: bytesOf(wire.ruleSetId, 32, 'round_certificate.rule_set_id'),
    reveals: wire.reveals.map((reveal) => ({
      validator: bytesOf(reveal.validator, 32, 'round_certificate.reveals.validator'),
      chainLink: bytesOf(reveal.chainLink, 32, 'round_certificate.reveals.chain_link'),
    })),
    entropy: bytesOf(wire.entropy, 32, 'round_certificate.entropy'),
    signatures: wire.signatures.map((item) => ({
      validator: bytesOf(item.validator, 32, 'round_certificate.signatures.validator'),
      signature: bytesOf(item.signature, 64, 'round_certificate.signatures.signature'),
    })),
  };
}

export function certificateToWire(certificate: RoundCertificate) {
  const { ruleSetId, entropy } = certificate;
  const reveals = certificate.reveals.map((reveal) => ({ ...reveal }));
  const signatures = certificate.signatures.map((item) => ({ ...item }));
  return { round: BigInt(certificate.round), ruleSetId, entropy, reveals, signatures };
}
