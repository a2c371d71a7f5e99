import type { Signer } from '@sextant/firmware-bridge/native-ed25519';
import {
  encodeEnvelope,
  encodeValidatorRecord,
  envelopeMessage,
  type ValidatorRecord,
} from '@sextant/firmware-bridge/protocol';

/** A record without the key of whoever makes it. */
export type UnsignedRecord = ValidatorRecord extends infer Record
  ? Record extends { readonly validator: Uint8Array }
    ? Omit<Record, 'validator'>
    : never
  : never;

/** Turns a record into the bytes of a log entry, signed by the validator's log key. */
export type SignRecord = (record: UnsignedRecord) => Uint8Array;

export function createRecordSigner(networkId: string, signer: Signer): SignRecord {
  return (record) => {
    const payload = encodeValidatorRecord({ ...record, validator: signer.publicKey } as ValidatorRecord);
    const signature = signer.sign(envelopeMessage(networkId, 'validator_record', payload));
    return encodeEnvelope({ kind: 'validator_record', payload, signer: signer.publicKey, signature });
  };
}
