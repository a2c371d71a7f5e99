import { EARTH_RADIUS_DM } from '../geometry/distance.ts';
import { divideRounded } from '../numeric/integers.ts';
import { tenLog10Udb } from '../numeric/log10.ts';

const UDB_A_DDB = 100_000;
const PERCENT = 100;
/** Squares of distances reach from 2^20 (194 m) to 2^53; every octave of them has 1,024 steps. */
const FIRST_OCTAVE = 20;
const OCTAVES = 33;
const STEPS = 1024;
/** Bits of a double's upper half below those that count the steps, and where its exponent counts the first octave. */
const UNUSED_BITS = 10;
const FIRST_INDEX = (1023 + FIRST_OCTAVE) * STEPS;

/** Distances are counted in 2^-25 of the earth's radius, as cell centres are. */
const UNITS = 2 ** 25;

/** A distance in metres, in those units, to the nearest. */
export function unitsOf(metres: number): number {
  return divideRounded(metres * 10 * UNITS, EARTH_RADIUS_DM);
}

export interface PathLossModel {
  /** The loss's exponent n, in percent. */
  readonly exponentPercent: number;
  readonly lossAtKmDdb: number;
}

/**
 * Mean path loss in ddB by the square of a distance: loss(1 km) + 10 n log10(d / km), constant within each of 1,024 steps
 * an octave of d², so within 0.07 dB, and never falling. `lossIndex` says where in the table a square is.
 */
export function buildPathLoss({ exponentPercent, lossAtKmDdb }: PathLossModel): Int32Array {
  const kilometreUdb = tenLog10Udb(UNITS * 10_000) - tenLog10Udb(EARTH_RADIUS_DM);
  // The middle of each step: (2 × 1,024 + 2 step + 1) / 2^11 of the octave's beginning.
  const steps = Array.from({ length: STEPS }, (_, step) => tenLog10Udb(2 * STEPS + 2 * step + 1) - octavesUdb(11));
  return Int32Array.from({ length: OCTAVES * STEPS }, (_, index) => {
    const step = index % STEPS;
    const squareUdb = octavesUdb(FIRST_OCTAVE + (index - step) / STEPS) + (steps[step] as number);
    const distanceUdb = squareUdb - 2 * kilometreUdb;
    return lossAtKmDdb + divideRounded(distanceUdb * exponentPercent, 2 * PERCENT * UDB_A_DDB);
  });
}

const view = new DataView(new ArrayBuffer(8));

/** Of a square 2^20 … 2^53, fractions allowed. A double's own upper bits are its logarithm's. */
export function lossIndex(square: number): number {
  view.setFloat64(0, square);
  return (view.getUint32(0) >>> UNUSED_BITS) - FIRST_INDEX;
}

const OCTAVES_UDB: readonly number[] = Array.from({ length: 42 }, (_, octave) =>
  tenLog10Udb(Number(1n << BigInt(octave))),
);

/** 10 log10(2^octaves), µdB. */
function octavesUdb(octaves: number): number {
  const half = Math.floor(octaves / 2);
  return (OCTAVES_UDB[half] as number) + (OCTAVES_UDB[octaves - half] as number);
}
