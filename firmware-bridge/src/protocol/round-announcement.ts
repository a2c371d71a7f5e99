import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ENVELOPE_MAX_BYTES } from './batch-codec.ts';
import { equalBytes } from './bytes.ts';
import { certificateFromWire, certificateToWire, timingFromWire, timingToWire } from './certificate-fields.ts';
import { type Decoded, decoding, FieldError } from './decode-failure.ts';
import { DOMAINS, domainMessage } from './domain.ts';
import type { VerifySignature } from './ed25519.ts';
import { bytesOf, integerWithin, unixMsOf } from './fields.ts';
import { RoundAnnouncementSchema, SignedAnnouncementSchema } from './generated/sextant/v1/record_pb.ts';
import type { RoundCertificate, Timing } from './records.ts';
import type { UnixMs } from './units.ts';

/** The running round's and the next ones': more than a bridge can act on. */
export const ANNOUNCED_CERTIFICATES_MAX = 4;

const STRICT = { readUnknownFields: false } as const;

/** What `round/current` says: the certificates bridges may act on, and the network's time. */
export interface RoundAnnouncement {
  /** Ascending by round; the running round's first, when it has one. At most `ANNOUNCED_CERTIFICATES_MAX`. */
  readonly certificates: readonly RoundCertificate[];
  readonly ruleSet: number;
  /** 32 bytes. */
  readonly ruleSetId: Uint8Array;
  /** The validator's clock when it signed. The broker keeps the message: a retained one tells an earlier moment. */
  readonly serverTimeMs: UnixMs;
  readonly timing: Timing;
}

const message = (networkId: string, payload: Uint8Array): Uint8Array =>
  domainMessage(DOMAINS.announcement, networkId, payload);

/** The bytes to publish on `round/current`, signed by `validator`'s log key. */
export function encodeRoundAnnouncement(
  networkId: string,
  announcement: RoundAnnouncement,
  signer: { readonly publicKey: Uint8Array; sign(message: Uint8Array): Uint8Array },
): Uint8Array {
  const { ruleSet, ruleSetId } = announcement;
  const payload = toBinary(
    RoundAnnouncementSchema,
    create(RoundAnnouncementSchema, {
      certificates: announcement.certificates.map(certificateToWire),
      ruleSet,
      ruleSetId,
      serverTimeMs: BigInt(announcement.serverTimeMs),
      ...timingToWire(announcement.timing),
    }),
  );
  const signature = signer.sign(message(networkId, payload));
  return toBinary(
    SignedAnnouncementSchema,
    create(SignedAnnouncementSchema, { payload, validator: signer.publicKey, signature }),
  );
}

export const ANNOUNCEMENT_FAULTS = ['not_decodable', 'unknown_validator', 'bad_signature'] as const;
export type AnnouncementFault = (typeof ANNOUNCEMENT_FAULTS)[number];

export type OpenedAnnouncement =
  | { readonly ok: true; readonly announcement: RoundAnnouncement; readonly validator: Uint8Array }
  | { readonly ok: false; readonly reason: AnnouncementFault };

/**
 * Reads what came on `round/current` and believes it only when one of `validators` (log keys) signed it. The certificates
 * in it are not judged: see `findCertificateFault`. Never throws.
 */
export function openRoundAnnouncement(
  bytes: Uint8Array,
  expected: { readonly networkId: string; readonly validators: readonly Uint8Array[] },
  verify: VerifySignature,
): OpenedAnnouncement {
  if (bytes.length > ENVELOPE_MAX_BYTES) return { ok: false, reason: 'not_decodable' };
  const opened = decoding(() => {
    const wire = fromBinary(SignedAnnouncementSchema, bytes, STRICT);
    return {
      payload: wire.payload,
      validator: bytesOf(wire.validator, 32, 'validator'),
      signature: bytesOf(wire.signature, 64, 'signature'),
    };
  });
  if (!opened.ok) return { ok: false, reason: 'not_decodable' };
  const { payload, validator, signature } = opened.value;
  if (!expected.validators.some((key) => equalBytes(key, validator))) return { ok: false, reason: 'unknown_validator' };
  if (!verify(signature, message(expected.networkId, payload), validator))
    return { ok: false, reason: 'bad_signature' };
  const announcement = decodeAnnouncement(payload);
  if (!announcement.ok) return { ok: false, reason: 'not_decodable' };
  return { ok: true, announcement: announcement.value, validator };
}

function decodeAnnouncement(payload: Uint8Array): Decoded<RoundAnnouncement> {
  return decoding(() => {
    const wire = fromBinary(RoundAnnouncementSchema, payload, STRICT);
    if (wire.certificates.length > ANNOUNCED_CERTIFICATES_MAX) throw new FieldError('wrong_count', 'certificates');
    const certificates = wire.certificates.map(certificateFromWire);
    certificates.forEach((certificate, i) => {
      if (i > 0 && (certificates[i - 1] as RoundCertificate).round >= certificate.round) {
        throw new FieldError('not_sorted', 'certificates');
      }
    });
    return {
      certificates,
      ruleSet: integerWithin(wire.ruleSet, 1, 0xffff, 'rule_set'),
      ruleSetId: bytesOf(wire.ruleSetId, 32, 'rule_set_id'),
      serverTimeMs: unixMsOf(wire.serverTimeMs, 'server_time_ms'),
      timing: timingFromWire(wire, 'announcement'),
    };
  });
}
