import { createHash } from 'node:crypto';
import { createSeedSigner, type Signer } from '@sextant/firmware-bridge/native-ed25519';
import {
  ddb,
  ddbm,
  encodeEnvelope,
  encodeReportBatch,
  envelopeMessage,
  formatId,
  hertz,
  reportTopic,
  unixMs,
  type WitnessReport,
} from '@sextant/firmware-bridge/protocol';
import { publishPacket } from '../../support/mqtt-packets.ts';

export const NETWORK_ID = 'bench';

export interface BenchHotspot {
  readonly id: string;
  readonly signer: Signer;
}

/** The same keys on every run, in every process. */
export function benchHotspots(count: number): BenchHotspot[] {
  return Array.from({ length: count }, (_, i) => {
    const signer = createSeedSigner(createHash('sha256').update(`bench hotspot ${i}`).digest());
    return { id: formatId('hotspot', signer.publicKey), signer };
  });
}

export function benchValidator(): Signer {
  return createSeedSigner(createHash('sha256').update('bench validator').digest());
}

function witness(number: number, nowMs: number): WitnessReport {
  return {
    kind: 'witness',
    beaconTag: Uint8Array.of(number & 0xff, (number >> 8) & 0xff, 7, 9),
    commitment: createHash('sha256').update(String(number)).digest(),
    frequencyHz: hertz(868_100_000),
    spreadingFactor: 9,
    bandwidthHz: hertz(125_000),
    rssiChannelDdbm: ddbm(-1_100 - (number % 200)),
    rssiSignalDdbm: ddbm(-1_130 - (number % 200)),
    snrDdb: ddb(-50),
    receivedAtMs: unixMs(nowMs),
    gatewayTimeUs: 123_456_789 + number,
  };
}

export interface CorpusBatch {
  readonly envelope: Uint8Array;
  /** A whole MQTT 3.1.1 PUBLISH packet, QoS 1. */
  readonly packet: Buffer;
}

/**
 * Signed batches of `reports` reports each. The number of a batch is its sequence, so that its receipt says which one
 * it is for.
 */
export function benchBatch(hotspot: BenchHotspot, number: number, reports: number, nowMs: number): CorpusBatch {
  const payload = encodeReportBatch({
    hotspot: hotspot.signer.publicKey,
    incarnation: 1n,
    sequence: number,
    createdAtMs: unixMs(nowMs),
    reports: Array.from({ length: reports }, (_, i) => witness(number * reports + i, nowMs)),
  });
  const signature = hotspot.signer.sign(envelopeMessage(NETWORK_ID, 'report_batch', payload));
  const envelope = encodeEnvelope({ kind: 'report_batch', payload, signer: hotspot.signer.publicKey, signature });
  return { envelope, packet: publishPacket(reportTopic(NETWORK_ID, hotspot.id), 1 + (number % 65_535), envelope) };
}
