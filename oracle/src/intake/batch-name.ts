/** (incarnation, sequence) names a batch of one hotspot. */
export interface BatchName {
  readonly incarnation: bigint;
  readonly sequence: number;
}

const UNNAMED: BatchName = { incarnation: 0n, sequence: 0 };

const ENVELOPE_PAYLOAD = 1;
const BATCH_INCARNATION = 2;
const BATCH_SEQUENCE = 3;

/**
 * The name of the batch in an envelope, found by walking over the protobuf fields without reading any report, so that
 * what is refused unread can still be answered by name. Zeros when there is no name to find. Never throws.
 */
export function readBatchName(envelope: Uint8Array): BatchName {
  const payload = findPayload(envelope);
  if (!payload) return UNNAMED;
  let incarnation = 0n;
  let sequence = 0;
  walkFields(payload, (field) => {
    if (field.number === BATCH_INCARNATION && field.fixed64 !== undefined) incarnation = field.fixed64;
    if (field.number === BATCH_SEQUENCE && field.varint !== undefined) sequence = field.varint;
  });
  return { incarnation, sequence };
}

/** The payload bytes of an envelope, or undefined where none can be made out. */
export function findPayload(envelope: Uint8Array): Uint8Array | undefined {
  let payload: Uint8Array | undefined;
  walkFields(envelope, (field) => {
    if (field.number === ENVELOPE_PAYLOAD && field.bytes) payload = field.bytes;
  });
  return payload;
}

interface Field {
  readonly number: number;
  readonly varint?: number;
  readonly fixed64?: bigint;
  readonly bytes?: Uint8Array;
}

function walkFields(bytes: Uint8Array, visit: (field: Field) => void): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; at < bytes.length && factor <= 2 ** 49; factor *= 128) {
      const byte = bytes[at++] as number;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return Number.isSafeInteger(value) ? value : Number.NaN;
    }
    return Number.NaN;
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    if (tag % 8 === 0) {
      const value = varint();
      if (Number.isNaN(value)) return;
      visit({ number, varint: value });
    } else if (tag % 8 === 1 && at + 8 <= bytes.length) {
      visit({ number, fixed64: view.getBigUint64(at, true) });
      at += 8;
    } else if (tag % 8 === 2) {
      const length = varint();
      if (!(at + length <= bytes.length)) return;
      visit({ number, bytes: bytes.subarray(at, at + length) });
      at += length;
    } else if (tag % 8 === 5) {
      at += 4;
    } else return;
  }
}
