import {
  DOMAINS,
  domainMessage,
  encodeReport,
  type Report,
  type WitnessReport,
} from '@sextant/firmware-bridge/protocol';
import type { Sha256 } from '../../merkle/tree-hasher.ts';

/** Wire types of protobuf. */
const VARINT = 0;
const LENGTH_DELIMITED = 2;
/** `Report.witness`, and room for the longest witness report there is (103 bytes). */
const WITNESS_FIELD = 2;
const MAX_WITNESS_BYTES = 127;

/**
 * The canonical encoding of reports, from which their ids are computed: `encodeReport` of the protocol, with witness
 * reports, of which there are most by far, written out by hand (a tenth of the time). A test holds the two together.
 */
export class ReportEncoder {
  readonly #bytes = new Uint8Array(MAX_WITNESS_BYTES + 2);
  #length = 0;

  encode(report: Report): Uint8Array {
    return report.kind === 'witness' ? this.#encodeWitness(report) : encodeReport(report);
  }

  #encodeWitness(report: WitnessReport): Uint8Array {
    this.#length = 2;
    this.#bytesField(1, report.beaconTag);
    this.#bytesField(2, report.commitment);
    this.#numberField(3, report.frequencyHz);
    this.#numberField(4, report.spreadingFactor);
    this.#numberField(5, report.bandwidthHz);
    this.#optionalField(6, zigzag(report.rssiChannelDdbm));
    this.#optionalField(7, zigzag(report.rssiSignalDdbm));
    this.#numberField(8, zigzag(report.snrDdb) ?? 0);
    this.#numberField(9, report.receivedAtMs);
    this.#numberField(10, report.gatewayTimeUs);
    this.#optionalField(11, report.fineTimeNs);
    if (report.gpsTimeNs !== undefined) this.#bigField(12, report.gpsTimeNs);
    this.#optionalField(13, zigzag(report.frequencyOffsetHz));
    this.#optionalField(14, report.antennaIndex);
    this.#bytes[0] = (WITNESS_FIELD << 3) | LENGTH_DELIMITED;
    this.#bytes[1] = this.#length - 2;
    return this.#bytes.slice(0, this.#length);
  }

  #bytesField(field: number, bytes: Uint8Array): void {
    this.#bytes[this.#length++] = (field << 3) | LENGTH_DELIMITED;
    this.#bytes[this.#length++] = bytes.length;
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Implicit presence: zero is not written. */
  #numberField(field: number, value: number): void {
    if (value !== 0) this.#optionalField(field, value);
  }

  #optionalField(field: number, value: number | undefined): void {
    if (value === undefined) return;
    this.#bytes[this.#length++] = (field << 3) | VARINT;
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.#bytes[this.#length++] = (rest % 128) | 0x80;
    this.#bytes[this.#length++] = rest;
  }

  #bigField(field: number, value: bigint): void {
    this.#bytes[this.#length++] = (field << 3) | VARINT;
    let rest = value;
    for (; rest > 0x7fn; rest >>= 7n) this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
    this.#bytes[this.#length++] = Number(rest);
  }
}

function zigzag(value: number | undefined): number | undefined {
  return value === undefined ? undefined : ((value << 1) ^ (value >> 31)) >>> 0;
}

/** `reportId` of the protocol for a report that is encoded already. */
export function createReportNamer(
  networkId: string,
  sha256: Sha256,
): (signer: Uint8Array, encoded: Uint8Array) => Uint8Array {
  const prefix = domainMessage(DOMAINS.reportId, networkId);
  return (signer, encoded) => {
    const message = new Uint8Array(prefix.length + signer.length + encoded.length);
    message.set(prefix);
    message.set(signer, prefix.length);
    message.set(encoded, prefix.length + signer.length);
    return sha256(message);
  };
}
