import { type Ddb, ddb } from '@sextant/firmware-bridge/protocol';
import { divideRounded } from '../numeric/integers.ts';
import { tenLog10Udb } from '../numeric/log10.ts';

/** 20 log10(4π / c) with c = 299,792,458 m/s, µdB. */
const FREE_SPACE_UDB = -147_552_217;
const UDB_A_DDB = 100_000;

/**
 * Free-space path loss 20 log10(4π d f / c) in tenths of dB, rounded to the nearest: 91.2 dB at 1 km and 868.3 MHz
 * (ITU-R P.525). Distance in whole metres from 1, frequency in Hz. Never falls as distance or frequency grows.
 */
export function freeSpaceLossDdb(distanceM: number, frequencyHz: number): Ddb {
  const udb = 2 * (tenLog10Udb(distanceM) + tenLog10Udb(frequencyHz)) + FREE_SPACE_UDB;
  return ddb(divideRounded(udb, UDB_A_DDB));
}
