import { distanceM } from '../../simulator/world/place.ts';
import type { Random } from '../../simulator/world/random.ts';
import { createRandom } from '../../simulator/world/random.ts';
import type { Overheard } from '../worlds/conduct.ts';
import { type Hotspot, isHotspot, type Measurement, type Transmission } from '../worlds/radio.ts';

const NOISE_DBM = -117;
/** A forger invents nothing a radio could not have decoded. */
const LOWEST_SNR_DB: Readonly<Record<number, number>> = { 7: -7, 8: -9.5, 9: -12, 10: -14.5, 11: -17, 12: -19.5 };

/** The measurement somebody writes down for a signal of `signalDbm`; undefined when such a one could not be decoded. */
export function writeDown(signalDbm: number, transmission: Transmission, random: Random): Measurement | undefined {
  const snrDb = signalDbm - NOISE_DBM + random.normal();
  if (snrDb < (LOWEST_SNR_DB[transmission.spreadingFactor] ?? 0)) return undefined;
  return { signalDbm, noiseDbm: NOISE_DBM, snrDb, afterMs: transmission.airtimeMs };
}

/** Between the places the two sides claim, at least 100 m. */
export function claimedKm(transmission: Transmission, witness: Hotspot): number {
  return Math.max(100, distanceM(transmission.claimedPlace, witness.claim.place)) / 1000;
}

export const freeSpaceDb = (km: number): number => 91.22 + 20 * Math.log10(km);

/** A good log-distance fit of somebody who has measured: loss at 1 km, exponent, and how far places scatter about it. */
interface Fit {
  readonly lossAt1KmDb: number;
  readonly exponent: number;
  readonly scatterDb: number;
  readonly fadingDb: number;
}

/** Between the published campaigns (Oulu, Dortmund), for roofs; with the fading measured in Brno. */
const GOOD_FIT: Fit = { lossAt1KmDb: 129, exponent: 2.6, scatterDb: 9, fadingDb: 5.5 };

/**
 * What a good forger writes down: the fit between the claimed places and gains, a scatter that stays with the pair as
 * shadows do, and fading. `levelDbm` is the level it knows or takes the sender to have used; `fadingDb` what it knows of
 * the fading, drawn if absent.
 */
export function invent(overheard: Overheard, levelDbm: number, fadingDb?: number): Measurement | undefined {
  const { transmission, witness, random } = overheard;
  const { sender } = transmission;
  const [name, gainDdb] = isHotspot(sender)
    ? [String(sender.id), sender.claim.gainDdbi]
    : [transmission.cell.toString(16), 0];
  const [a, b] = [name, String(witness.id)].sort();
  const scatterDb = GOOD_FIT.scatterDb * createRandom(`scatter/${a}/${b}`).normal();
  const km = claimedKm(transmission, witness);
  const lossDb = GOOD_FIT.lossAt1KmDb + 10 * GOOD_FIT.exponent * Math.log10(km) + scatterDb;
  const fading = fadingDb ?? GOOD_FIT.fadingDb * random.normal();
  const gainsDb = (gainDdb + witness.claim.gainDdbi) / 10;
  return writeDown(levelDbm + gainsDb - Math.max(lossDb, freeSpaceDb(km) + 3) + fading, transmission, random);
}
