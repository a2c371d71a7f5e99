import { BEACON_FRAME_BYTES, timeOnAirUs } from '@sextant/firmware-bridge/protocol';
import { latLngToCell } from 'h3-js';
import type { Random } from '../../simulator/world/random.ts';
import { createDrive } from '../../simulator/world/streets.ts';
import type { Antenna, Hotspot, SurveyCar, Transmission } from './radio.ts';
import { drawAntenna, type Site } from './site.ts';

const ROUND_MS = 6 * 3_600_000;
export const ROUNDS_AN_EPOCH = 4;
const SLOT_MS = 60_000;
const CHANNELS = 8;
/** A car drives an hour an epoch; every third of its frames is enough here. */
const SURVEY_EVERY_MS = 90_000;
const SURVEY_AN_EPOCH = 40;
const SURVEY_LEVELS_DBM = [2, 8, 14];

const airtimeMsOf = (spreadingFactor: number): number =>
  timeOnAirUs({ phyBytes: BEACON_FRAME_BYTES, spreadingFactor, bandwidthHz: 125_000 }) / 1000;

/** One beacon of a hotspot in a round: slot, channel, spreading factor and level are drawn, as its secret would. */
export function drawBeacon(sender: Hotspot, round: number, id: number, random: Random): Transmission {
  const spreadingFactor = 7 + random.below(6);
  const levelDbm = random.pick(sender.levelsDbm);
  const slots = ROUND_MS / SLOT_MS;
  return {
    id,
    sender,
    round,
    startMs: round * ROUND_MS + random.below(slots) * SLOT_MS + random.between(0, 3_000),
    airtimeMs: airtimeMsOf(spreadingFactor),
    channel: random.below(CHANNELS),
    spreadingFactor,
    levelDbm,
    eirpDdbm: 10 * levelDbm + sender.claim.gainDdbi,
    trueEirpDbm: levelDbm + sender.antenna.gainDbi + sender.extraPowerDb,
    antenna: sender.antenna,
    cell: sender.claim.cell,
    claimedPlace: sender.claim.place,
  };
}

/** What a car sends in an epoch, on its way through the city's streets. */
export function driveEpoch(
  site: Site,
  options: { readonly car: SurveyCar; readonly antennaIndex: number; readonly epoch: number; readonly firstId: number },
  random: Random,
): Transmission[] {
  const { car, antennaIndex, epoch, firstId } = options;
  const startMs = (epoch * ROUNDS_AN_EPOCH + random.below(ROUNDS_AN_EPOCH)) * ROUND_MS + random.between(0, 3_600_000);
  const drive = createDrive(site.cityRadiusM, startMs, random);
  const roof = drawAntenna(
    site,
    { index: antennaIndex, place: drive(startMs).place, setting: 'street' },
    random.fork('roof'),
  );
  return Array.from({ length: SURVEY_AN_EPOCH }, (_, i): Transmission => {
    const atMs = startMs + i * SURVEY_EVERY_MS;
    const { place } = drive(atMs);
    const { latitude, longitude } = site.projection.toLatLng(place);
    const antenna: Antenna = { ...roof, place };
    const levelDbm = random.pick(SURVEY_LEVELS_DBM);
    const spreadingFactor = 7 + random.below(3);
    return {
      id: firstId + i,
      sender: car,
      round: Math.floor(atMs / ROUND_MS),
      startMs: atMs,
      airtimeMs: airtimeMsOf(spreadingFactor),
      channel: random.below(CHANNELS),
      spreadingFactor,
      levelDbm,
      eirpDdbm: levelDbm * 10,
      trueEirpDbm: levelDbm + random.normal() * 0.5,
      antenna,
      cell: BigInt(`0x${latLngToCell(latitude, longitude, 9)}`),
      claimedPlace: place,
    };
  });
}
