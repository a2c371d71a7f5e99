import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, copyOf, equalBytes, readUint32, uint64BigEndian } from './bytes.ts';
import { DOMAINS, domainBytes, domainMessage } from './domain.ts';
import type { Ddbm, Hertz } from './units.ts';

/** First byte: LoRaWAN proprietary message; second: ours; third: version. */
const FRAME_HEADER = Uint8Array.of(0xe0, 0x53, 0x01);
const TAG_BYTES = 4;
const NONCE_BYTES = 16;
/** SF10 allows 24 bytes under a 400 ms dwell limit. */
export const BEACON_FRAME_BYTES = FRAME_HEADER.length + TAG_BYTES + NONCE_BYTES;
export const BEACON_BANDWIDTH_HZ = 125_000 as Hertz;

export interface BeaconSecretInputs {
  readonly networkId: string;
  /** 32 bytes. */
  readonly ruleSetId: Uint8Array;
  /** Of the round certificate, 32 bytes. */
  readonly entropy: Uint8Array;
  /** The sender's key. */
  readonly sender: Uint8Array;
  /** The round, or a survey transmission's index. */
  readonly roundOrIndex: number;
  readonly chainLink: Uint8Array;
}

/** The 32-byte secret of one transmission. Public data alone cannot produce it: the chain link is the sender's. */
export function deriveBeaconSecret(inputs: BeaconSecretInputs): Uint8Array {
  const { networkId, ruleSetId, entropy, sender, roundOrIndex, chainLink } = inputs;
  return sha256(
    domainMessage(DOMAINS.beacon, networkId, ruleSetId, entropy, sender, uint64BigEndian(roundOrIndex), chainLink),
  );
}

/** Bytes 0–3 of the secret: what a witness reports in clear. */
export function beaconTag(secret: Uint8Array): Uint8Array {
  return copyOf(secret, 0, TAG_BYTES);
}

/** Bytes 4–19 of the secret: what only a radio that heard the beacon knows before the reveal. */
export function beaconNonce(secret: Uint8Array): Uint8Array {
  return copyOf(secret, TAG_BYTES, TAG_BYTES + NONCE_BYTES);
}

/** The frame on the air: `E0 53 01 ‖ tag ‖ nonce`, 23 bytes. */
export function encodeBeaconFrame(secret: Uint8Array): Uint8Array {
  return concatBytes(FRAME_HEADER, secret.subarray(0, TAG_BYTES + NONCE_BYTES));
}

/** Recognises a Sextant beacon among everything a gateway hears; undefined for any other frame. */
export function parseBeaconFrame(phyPayload: Uint8Array): { tag: Uint8Array; nonce: Uint8Array } | undefined {
  if (phyPayload.length !== BEACON_FRAME_BYTES) return undefined;
  if (!equalBytes(phyPayload.subarray(0, FRAME_HEADER.length), FRAME_HEADER)) return undefined;
  const body = FRAME_HEADER.length;
  return { tag: copyOf(phyPayload, body, body + TAG_BYTES), nonce: copyOf(phyPayload, body + TAG_BYTES) };
}

/** What the sender may use; every list in canonical (ascending or plan) order and not empty. */
export interface BeaconChoices {
  readonly slotsPerRound: number;
  readonly channelsHz: readonly Hertz[];
  readonly spreadingFactors: readonly number[];
  readonly powerLevelsDdbm: readonly Ddbm[];
}

export interface BeaconParameters {
  /** Slot within the round, from 0. */
  readonly slotInRound: number;
  readonly frequencyHz: Hertz;
  readonly spreadingFactor: number;
  /** Conducted. */
  readonly txPowerDdbm: Ddbm;
}

/**
 * Slot, channel, spreading factor and power step of a beacon: words 0–3 (32 bits, big-endian) of
 * SHA-256("sextant/v1/beacon-parameters" ‖ 0x00 ‖ secret), each modulo the number of choices. Neither the sender can
 * choose them nor does hearing the beacon reveal them. Throws RangeError when a list of choices is empty.
 */
export function deriveBeaconParameters(secret: Uint8Array, choices: BeaconChoices): BeaconParameters {
  const words = sha256(domainBytes(DOMAINS.beaconParameters, secret));
  if (choices.slotsPerRound < 1) throw new RangeError('a round needs at least one slot');
  return {
    slotInRound: readUint32(words, 0) % choices.slotsPerRound,
    frequencyHz: pick(choices.channelsHz, readUint32(words, 4), 'channel'),
    spreadingFactor: pick(choices.spreadingFactors, readUint32(words, 8), 'spreading factor'),
    txPowerDdbm: pick(choices.powerLevelsDdbm, readUint32(words, 12), 'power level'),
  };
}

function pick<T>(choices: readonly T[], word: number, what: string): T {
  const chosen = choices[choices.length === 0 ? 0 : word % choices.length];
  if (chosen === undefined) throw new RangeError(`no ${what} to choose from`);
  return chosen;
}

/** SHA-256("sextant/v1/witness" ‖ 0x00 ‖ nonce ‖ witness key): worth nothing to copy. */
export function witnessCommitment(nonce: Uint8Array, witness: Uint8Array): Uint8Array {
  return sha256(domainBytes(DOMAINS.witness, nonce, witness));
}
