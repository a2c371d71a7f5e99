import {
  BEACON_BANDWIDTH_HZ,
  type BeaconReport,
  beaconNonce,
  beaconTag,
  ddb,
  ddbm,
  deriveBeaconParameters,
  deriveBeaconSecret,
  encodeBeaconFrame,
  findBeaconChoices,
  firstSlotOfRound,
  type LocationAssertion,
  type RadioDeclaration,
  type SurveyReport,
  slotStartMs,
  timeOnAirUs,
  unixMs,
  type WitnessReport,
  witnessCommitment,
} from '@sextant/firmware-bridge/protocol';
import { latLngToCell } from 'h3-js';
import { anchorOf, assertionOf, certificateOf, type Member, type World } from './world.ts';

/** A transmission with what only the sender, and whoever heard it, knows before the reveal. */
export interface OnAir<R extends BeaconReport | SurveyReport = BeaconReport | SurveyReport> {
  readonly sender: Member;
  readonly reveal: R;
  readonly slot: number;
  readonly tag: Uint8Array;
  readonly nonce: Uint8Array;
  readonly lat: number;
  readonly lng: number;
  readonly eirpDdbm: number;
}

/** The beacon a hotspot sends in a round, under the assertion given (its honest one by default). */
export function beaconOf(
  world: World,
  sender: Member,
  round: number,
  assertion: LocationAssertion = assertionOf(sender),
): OnAir<BeaconReport> {
  const chainLink = sender.chain.link(round - assertion.firstRound + 1);
  const { secret, parameters } = open(world, sender, { round, ordinal: round, chainLink, radio: assertion });
  const slot = firstSlotOfRound(world.timing, round) + parameters.slotInRound;
  return {
    ...onAir(sender, secret, sender, parameters.txPowerDdbm + assertion.antennaGainDdbi),
    slot,
    reveal: {
      kind: 'beacon',
      round,
      chainLink,
      ...transmissionOf(world, secret, parameters, slot),
    },
  };
}

export interface SurveyTurn {
  readonly index: number;
  readonly slot: number;
  readonly lat: number;
  readonly lng: number;
}

/** One transmission of a survey device from a place. */
export function surveyOf(world: World, sender: Member, turn: SurveyTurn): OnAir<SurveyReport> {
  const { index, slot, lat, lng } = turn;
  const round = Math.floor((slot * world.timing.slotMs) / world.timing.roundMs);
  const radio = anchorOf(sender);
  const chainLink = sender.chain.link(index);
  const { secret, parameters } = open(world, sender, { round, ordinal: index, chainLink, radio });
  return {
    ...onAir(sender, secret, turn, parameters.txPowerDdbm + radio.antennaGainDdbi),
    slot,
    reveal: {
      kind: 'survey',
      index,
      round,
      chainLink,
      cell: BigInt(`0x${latLngToCell(lat, lng, 9)}`),
      satellites: 9,
      hdopTenths: 12,
      speedDmps: 120,
      ...transmissionOf(world, secret, parameters, slot),
    },
  };
}

interface Opening {
  readonly round: number;
  readonly ordinal: number;
  readonly chainLink: Uint8Array;
  readonly radio: RadioDeclaration;
}

function open(world: World, sender: Member, { round, ordinal, chainLink, radio }: Opening) {
  const secret = deriveBeaconSecret({
    networkId: world.networkId,
    ruleSetId: world.ruleSet.id,
    entropy: certificateOf(world, round).entropy,
    sender: sender.key,
    roundOrIndex: ordinal,
    chainLink,
  });
  const choices = findBeaconChoices({ kind: sender.kind, radio, timing: world.timing });
  if (!choices) throw new Error('this radio may not beacon');
  return { secret, parameters: deriveBeaconParameters(secret, choices) };
}

function onAir(sender: Member, secret: Uint8Array, { lat, lng }: { lat: number; lng: number }, eirpDdbm: number) {
  return { sender, tag: beaconTag(secret), nonce: beaconNonce(secret), lat, lng, eirpDdbm };
}

type Parameters = ReturnType<typeof deriveBeaconParameters>;

function transmissionOf(world: World, secret: Uint8Array, parameters: Parameters, slot: number) {
  return {
    phyPayload: encodeBeaconFrame(secret),
    frequencyHz: parameters.frequencyHz,
    spreadingFactor: parameters.spreadingFactor,
    bandwidthHz: BEACON_BANDWIDTH_HZ,
    txPowerRequestedDdbm: parameters.txPowerDdbm,
    txPowerActualDdbm: parameters.txPowerDdbm,
    gatewayInterface: 'semtech_udp',
    sentAtMs: unixMs(slotStartMs(world.timing, slot) + 1_000),
  } as const;
}

const NOISE_DBM = -117;
/** Datasheet floors of SF7 … SF12, dB. */
const SNR_FLOOR_DB = [-7.5, -10, -12.5, -15, -17.5, -20];
/** Below free space: streets and roofs. */
const CLUTTER_DB = 22;
const EARTH_RADIUS_M = 6_371_007;

function distanceM(a: { lat: number; lng: number }, b: { lat: number; lng: number }): number {
  const rad = Math.PI / 180;
  const dLat = (b.lat - a.lat) * rad;
  const dLng = (b.lng - a.lng) * rad * Math.cos(((a.lat + b.lat) / 2) * rad);
  return EARTH_RADIUS_M * Math.hypot(dLat, dLng);
}

/** What a hotspot reports of a transmission, or undefined when it is too far to hear it. */
export function witnessOf(witness: Member, heard: OnAir, shadowDb = 0): WitnessReport | undefined {
  const { frequencyHz, spreadingFactor, bandwidthHz, sentAtMs, phyPayload } = heard.reveal;
  const apartM = Math.max(1, distanceM(witness, heard));
  const freeSpaceDb = 20 * Math.log10(apartM) + 20 * Math.log10(frequencyHz / 1e6) - 27.55;
  const espDbm = heard.eirpDdbm / 10 + 2 - freeSpaceDb - CLUTTER_DB - shadowDb;
  const snrDb = Math.min(10, espDbm - NOISE_DBM);
  if (snrDb < (SNR_FLOOR_DB[spreadingFactor - 7] ?? 0)) return undefined;
  const airtimeUs = timeOnAirUs({ phyBytes: phyPayload.length, spreadingFactor, bandwidthHz });
  return {
    kind: 'witness',
    beaconTag: heard.tag,
    commitment: witnessCommitment(heard.nonce, witness.key),
    frequencyHz,
    spreadingFactor,
    bandwidthHz,
    rssiSignalDdbm: ddbm(Math.round(10 * espDbm)),
    snrDdb: ddb(Math.round(10 * snrDb)),
    receivedAtMs: unixMs(sentAtMs + Math.ceil(airtimeUs / 1000) + 40),
    gatewayTimeUs: 1_000_000 + Math.round(apartM),
  };
}
