import { createSeedSigner, type Signer } from '@sextant/firmware-bridge/native-ed25519';
import {
  createLoginToken,
  encodeEnvelope,
  encodeReportBatch,
  envelopeMessage,
  formatId,
  type UnixMs,
  unixMs,
} from '@sextant/firmware-bridge/protocol';
import type { KnownKeys } from '@sextant/oracle/intake';

export const NETWORK_ID = 'intake-test';
export const ORIGIN = 'validator.example/log';
export const validator = createSeedSigner(new Uint8Array(32).fill(0xaa));

export interface TestHotspot {
  readonly id: string;
  readonly signer: Signer;
}

/** The same hotspot for the same number. */
export function hotspot(number: number): TestHotspot {
  const seed = new Uint8Array(32).fill(0x11);
  new DataView(seed.buffer).setUint32(0, number);
  const signer = createSeedSigner(seed);
  return { id: formatId('hotspot', signer.publicKey), signer };
}

const hexOf = (key: Uint8Array): string => Buffer.from(key).toString('hex');

/** Knows these hotspots and nobody else. */
export function knowing(hotspots: readonly TestHotspot[]): KnownKeys {
  const known = new Set(hotspots.map(({ signer }) => hexOf(signer.publicKey)));
  return { find: (key) => (known.has(hexOf(key)) ? { kind: 'hotspot' } : undefined) };
}

export interface BatchTerms {
  readonly sequence: number;
  readonly createdAtMs: UnixMs;
  readonly incarnation?: bigint;
  /** The hotspot the batch says it is from. */
  readonly hotspot?: Uint8Array;
  readonly networkId?: string;
  readonly software?: string;
}

/** Envelope bytes of a batch of one status report. */
export function batchOf(sender: TestHotspot, terms: BatchTerms): Uint8Array {
  const payload = encodeReportBatch({
    hotspot: terms.hotspot ?? sender.signer.publicKey,
    incarnation: terms.incarnation ?? 7n,
    sequence: terms.sequence,
    createdAtMs: terms.createdAtMs,
    reports: [
      {
        kind: 'gateway_status',
        framesReceived: terms.sequence,
        framesSent: 0,
        gatewaySoftware: terms.software ?? '',
        gpsLock: true,
      },
    ],
  });
  const signature = sender.signer.sign(envelopeMessage(terms.networkId ?? NETWORK_ID, 'report_batch', payload));
  return encodeEnvelope({ kind: 'report_batch', payload, signer: sender.signer.publicKey, signature });
}

/** A login token for the validator of these tests, good for a minute unless told otherwise. */
export function tokenOf(
  sender: TestHotspot,
  nowMs: number,
  changes: { validator?: Uint8Array; lifetimeMs?: number; signer?: Signer; networkId?: string } = {},
): string {
  const claims = {
    validator: changes.validator ?? validator.publicKey,
    hotspot: sender.signer.publicKey,
    expiresAtMs: unixMs(nowMs + (changes.lifetimeMs ?? 60_000)),
  };
  const signer = changes.signer ?? sender.signer;
  return createLoginToken(changes.networkId ?? NETWORK_ID, claims, (message) => signer.sign(message));
}
