import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { RULINGS } from './accusations.ts';
import { ENVELOPE_MAX_BYTES } from './batch-codec.ts';
import {
  certificateFromWire,
  certificateToWire,
  timingFromWire,
  timingToWire,
  VALIDATORS_MAX,
} from './certificate-fields.ts';
import { type Decoded, decoding, FieldError } from './decode-failure.ts';
import { isNetworkId } from './domain.ts';
import { accusationOf, bytesOf, codeName, integerWithin, ordinalOf } from './fields.ts';
import {
  RoundCertificateSchema,
  ValidatorRecordSchema,
  type Genesis as WireGenesis,
  type ValidatorRecord as WireRecord,
} from './generated/sextant/v1/record_pb.ts';
import type { Genesis, RoundCertificate, ValidatorRecord } from './records.ts';
import { registryEventsFromWire, registryEventsToWire } from './registry-events-codec.ts';
import { GRANT_KINDS, PARTICIPANT_KINDS } from './reports.ts';
import { REASONS } from './verdict.ts';

const STRICT = { readUnknownFields: false } as const;

/** Payload bytes of kind validator_record → record, every field checked. */
export function decodeValidatorRecord(payload: Uint8Array): Decoded<ValidatorRecord> {
  if (payload.length > ENVELOPE_MAX_BYTES) return { ok: false, reason: 'too_large', field: '' };
  return decoding(() => recordFromWire(fromBinary(ValidatorRecordSchema, payload, STRICT)));
}

/** A round certificate as it travels on `round/current`. */
export function decodeRoundCertificate(bytes: Uint8Array): Decoded<RoundCertificate> {
  if (bytes.length > ENVELOPE_MAX_BYTES) return { ok: false, reason: 'too_large', field: '' };
  return decoding(() => certificateFromWire(fromBinary(RoundCertificateSchema, bytes, STRICT)));
}

export function encodeRoundCertificate(certificate: RoundCertificate): Uint8Array {
  return toBinary(RoundCertificateSchema, create(RoundCertificateSchema, certificateToWire(certificate)));
}

function recordFromWire(wire: WireRecord): ValidatorRecord {
  const validator = bytesOf(wire.validator, 32, 'validator');
  const { kind } = wire;
  switch (kind.case) {
    case 'genesis':
      return { validator, ...genesisFromWire(kind.value) };
    case 'slotClosed':
      return { validator, kind: 'slot_closed', slot: ordinalOf(kind.value.slot, 'slot_closed.slot') };
    case 'roundCertificate':
      return { validator, ...certificateFromWire(kind.value) };
    case 'invitation':
      return {
        validator,
        kind: 'invitation',
        key: bytesOf(kind.value.key, 32, 'invitation.key'),
        participant: codeName(PARTICIPANT_KINDS, kind.value.kind, 'invitation.kind'),
        owner: bytesOf(kind.value.owner, 20, 'invitation.owner'),
        codeHash: bytesOf(kind.value.codeHash, 32, 'invitation.code_hash'),
        keySignature: bytesOf(kind.value.keySignature, 64, 'invitation.key_signature'),
      };
    case 'grant':
      return {
        validator,
        kind: 'grant',
        key: bytesOf(kind.value.key, 32, 'grant.key'),
        grant: codeName(GRANT_KINDS, kind.value.kind, 'grant.kind'),
        lastEpoch: ordinalOf(kind.value.lastEpoch, 'grant.last_epoch'),
      };
    case 'epochMark': {
      const { epoch, attempt } = kind.value;
      return { validator, kind: 'epoch_mark', epoch: ordinalOf(epoch, 'epoch_mark.epoch'), attempt };
    }
    case 'review':
      return {
        validator,
        kind: 'review',
        key: bytesOf(kind.value.key, 32, 'review.key'),
        accusation: accusationOf(kind.value.accusation, 'review.accusation'),
        appealEpoch: ordinalOf(kind.value.appealEpoch, 'review.appeal_epoch'),
        ruling: codeName(RULINGS, kind.value.ruling, 'review.ruling'),
      };
    case 'registryEvents':
      return { validator, ...registryEventsFromWire(kind.value) };
    case undefined:
      throw new FieldError('missing_field', 'kind');
  }
}

function genesisFromWire(wire: WireGenesis): Genesis {
  if (!isNetworkId(wire.networkId)) throw new FieldError('out_of_range', 'genesis.network_id');
  const timing = timingFromWire(wire, 'genesis');
  const { validators } = wire;
  if (validators.length === 0 || validators.length > VALIDATORS_MAX) {
    throw new FieldError('wrong_count', 'genesis.validators');
  }
  return {
    kind: 'genesis',
    networkId: wire.networkId,
    ruleSet: integerWithin(wire.ruleSet, 1, 0xffff, 'genesis.rule_set'),
    ruleSetId: bytesOf(wire.ruleSetId, 32, 'genesis.rule_set_id'),
    timing,
    validators: validators.map((entry) => ({
      logKey: bytesOf(entry.logKey, 32, 'genesis.validators.log_key'),
      chainAnchor: bytesOf(entry.chainAnchor, 32, 'genesis.validators.chain_anchor'),
      firstRound: ordinalOf(entry.firstRound, 'genesis.validators.first_round'),
      owner: bytesOf(entry.owner, 20, 'genesis.validators.owner'),
    })),
  };
}

/** The payload bytes of a validator's record. */
export function encodeValidatorRecord(record: ValidatorRecord): Uint8Array {
  return toBinary(
    ValidatorRecordSchema,
    create(ValidatorRecordSchema, { validator: record.validator, kind: recordKindToWire(record) }),
  );
}

function recordKindToWire(
  record: ValidatorRecord,
): NonNullable<MessageInitShape<typeof ValidatorRecordSchema>['kind']> {
  switch (record.kind) {
    case 'genesis':
      return { case: 'genesis', value: genesisToWire(record) };
    case 'slot_closed':
      return { case: 'slotClosed', value: { slot: BigInt(record.slot) } };
    case 'round_certificate':
      return { case: 'roundCertificate', value: certificateToWire(record) };
    case 'invitation': {
      const { key, participant, owner, codeHash, keySignature } = record;
      return {
        case: 'invitation',
        value: { key, kind: PARTICIPANT_KINDS[participant], owner, codeHash, keySignature },
      };
    }
    case 'grant': {
      const { key, grant, lastEpoch } = record;
      return { case: 'grant', value: { key, kind: GRANT_KINDS[grant], lastEpoch: BigInt(lastEpoch) } };
    }
    case 'epoch_mark':
      return { case: 'epochMark', value: { epoch: BigInt(record.epoch), attempt: record.attempt } };
    case 'review': {
      const { key, accusation, appealEpoch, ruling } = record;
      const value = { key, accusation: REASONS[accusation], appealEpoch: BigInt(appealEpoch), ruling: RULINGS[ruling] };
      return { case: 'review', value };
    }
    case 'registry_events':
      return { case: 'registryEvents', value: registryEventsToWire(record) };
  }
}

function genesisToWire(genesis: Genesis) {
  const { networkId, ruleSet, ruleSetId, timing } = genesis;
  return {
    networkId,
    ruleSet,
    ruleSetId,
    ...timingToWire(timing),
    validators: genesis.validators.map((entry) => ({ ...entry, firstRound: BigInt(entry.firstRound) })),
  };
}
