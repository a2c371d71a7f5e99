import { cellToLatLng, cellToParent, greatCircleDistance, gridDistance } from 'h3-js';

/**
 * The checks of a witness report as Helium's verifier published them: helium/oracles, iot_verifier/src/poc.rs, as of
 * helium/oracles-iot ff4b370, the last version before proof of coverage was retired. The deny list is left out: it is a
 * list of names, no rule.
 */
export const WITNESS_REFUSALS = [
  'too_late',
  'invalid_frequency',
  'below_min_distance',
  'max_distance_exceeded',
  'bad_rssi',
] as const;
export type WitnessRefusal = (typeof WITNESS_REFUSALS)[number];

/** Metres a second in air, as poc.rs has it. */
const SPEED_OF_LIGHT = 2.998e8;
const DISTANCE_LIMIT_KM = 100;
const CELL_DISTANCE_MINIMUM = 8;
const CELL_RESOLUTION = 11;
const FREQUENCY_TOLERANCE_HZ = 100_000;
const BEACON_TO_WITNESS_LAG_MS = 4_000;
const WITNESS_LAG_MS = 1_500;

export interface Place {
  /** H3 cell of the asserted location, resolution 12. */
  readonly location: string;
  readonly gainDdbi: number;
}

export interface BeaconFacts extends Place {
  /** Conducted, whole dBm. */
  readonly txPowerDbm: number;
  readonly frequencyHz: number;
  readonly receivedMs: number;
}

export interface WitnessFacts extends Place {
  /** As submitted: dBm × 10. */
  readonly signalDdbm: number;
  readonly frequencyHz: number;
  readonly receivedMs: number;
}

/** Between two asserted cells' centres, rounded to whole metres. */
export function distanceM(a: string, b: string): number {
  return Math.round(greatCircleDistance(cellToLatLng(a), cellToLatLng(b), 'm'));
}

/** Steps on the grid of resolution 11; undefined where H3 cannot tell. */
export function cellDistance(a: string, b: string): number | undefined {
  try {
    return gridDistance(cellToParent(a, CELL_RESOLUTION), cellToParent(b, CELL_RESOLUTION));
  } catch {
    return undefined;
  }
}

/** The most a witness may report, dBm: free space without any margin, and gains cut to whole dB. */
export function strongestSignalDbm(beacon: BeaconFacts, witness: WitnessFacts, metres: number): number {
  const lossDb = 20 * Math.log10((4 * Math.PI * metres * witness.frequencyHz) / SPEED_OF_LIGHT);
  return beacon.txPowerDbm + Math.trunc(beacon.gainDdbi / 10) - lossDb + Math.trunc(witness.gainDdbi / 10);
}

/**
 * If the beacon's report came first, witnesses have 4 s from it; otherwise 1.5 s from the first witness's, whatever that
 * one is worth.
 */
export function isTooLate(beaconMs: number, firstWitnessMs: number, witnessMs: number): boolean {
  return beaconMs <= firstWitnessMs
    ? witnessMs - beaconMs > BEACON_TO_WITNESS_LAG_MS
    : witnessMs - firstWitnessMs > WITNESS_LAG_MS;
}

/** What two places have to do with each other: kept by those who ask often. */
export interface Distances {
  readonly metres: number;
  readonly cells: number | undefined;
}

export function distancesBetween(a: string, b: string): Distances {
  return { metres: distanceM(a, b), cells: cellDistance(a, b) };
}

/** The first check that refuses, in the published order; undefined: the report is valid. */
export function findWitnessRefusal(
  beacon: BeaconFacts,
  witness: WitnessFacts,
  context: { readonly firstWitnessMs: number; readonly distances: Distances },
): WitnessRefusal | undefined {
  const { metres, cells } = context.distances;
  if (isTooLate(beacon.receivedMs, context.firstWitnessMs, witness.receivedMs)) return 'too_late';
  if (Math.abs(beacon.frequencyHz - witness.frequencyHz) > FREQUENCY_TOLERANCE_HZ) return 'invalid_frequency';
  if (cells === undefined || cells < CELL_DISTANCE_MINIMUM) return 'below_min_distance';
  if (Math.trunc(metres / 1000) > DISTANCE_LIMIT_KM) return 'max_distance_exceeded';
  return witness.signalDdbm / 10 > strongestSignalDbm(beacon, witness, metres) ? 'bad_rssi' : undefined;
}
