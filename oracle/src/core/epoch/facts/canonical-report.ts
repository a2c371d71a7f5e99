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

const scratch = new Uint8Array(MAX_WITNESS_BYTES + 2);
let written = 0;

/**
 * The canonical encoding of a report, from which its id is computed: `encodeReport` of the protocol, with witness reports,
 * of which there are most by far, written out by hand (a tenth of the time). A test holds the two together.
 */
export function canonicalReport(report: Report): Uint8Array {
  return report.kind === 'witness' ? canonicalWitness(report) : encodeReport(report);
}

function canonicalWitness(report: WitnessReport): Uint8Array {
  written = 2;
  bytesField(1, report.beaconTag);
  bytesField(2, report.commitment);
  numberField(3, report.frequencyHz);
  numberField(4, report.spreadingFactor);
  numberField(5, report.bandwidthHz);
  optionalField(6, zigzag(report.rssiChannelDdbm));
  optionalField(7, zigzag(report.rssiSignalDdbm));
  numberField(8, zigzag(report.snrDdb) ?? 0);
  numberField(9, report.receivedAtMs);
  numberField(10, report.gatewayTimeUs);
  optionalField(11, report.fineTimeNs);
  if (report.gpsTimeNs !== undefined) bigField(12, report.gpsTimeNs);
  optionalField(13, zigzag(report.frequencyOffsetHz));
  optionalField(14, report.antennaIndex);
  scratch[0] = (WITNESS_FIELD << 3) | LENGTH_DELIMITED;
  scratch[1] = written - 2;
  return scratch.slice(0, written);
}

function zigzag(value: number | undefined): number | undefined {
  return value === undefined ? undefined : ((value << 1) ^ (value >> 31)) >>> 0;
}

function bytesField(field: number, bytes: Uint8Array): void {
  scratch[written++] = (field << 3) | LENGTH_DELIMITED;
  scratch[written++] = bytes.length;
  scratch.set(bytes, written);
  written += bytes.length;
}

/** Implicit presence: zero is not written. */
function numberField(field: number, value: number): void {
  if (value !== 0) optionalField(field, value);
}

function optionalField(field: number, value: number | undefined): void {
  if (value === undefined) return;
  scratch[written++] = (field << 3) | VARINT;
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) scratch[written++] = (rest % 128) | 0x80;
  scratch[written++] = rest;
}

function bigField(field: number, value: bigint): void {
  scratch[written++] = (field << 3) | VARINT;
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) scratch[written++] = Number(rest & 0x7fn) | 0x80;
  scratch[written++] = Number(rest);
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
