import type { Random } from './random.ts';

/** kTB at 290 K in 125 kHz is −123.0 dBm; a concentrator adds about 3 dB. */
const NOISE_FLOOR_125KHZ_DBM = -120;
/** Demodulation floors by spreading factor, Semtech SX1301/SX1276 datasheets. */
const SNR_FLOOR_DB: Readonly<Record<number, number>> = { 7: -7.5, 8: -10, 9: -12.5, 10: -15, 11: -17.5, 12: -20 };
/** The concentrator's estimate clips near here. */
const SNR_CEILING_DB = 12;

export interface Measured {
  /** Signal plus noise in the channel. */
  readonly rssiChannelDbm: number;
  readonly rssiSignalDbm: number;
  readonly snrDb: number;
}

/**
 * What a concentrator measures of a LoRa frame that arrives with `signalDbm`, or undefined when it cannot decode it.
 * Interference lifts the noise now and then, as in every city.
 */
export function receive(signalDbm: number, spreadingFactor: number, random: Random): Measured | undefined {
  const interferenceDb = random.next() < 0.1 ? random.between(0, 12) : random.between(0, 2);
  const noiseDbm = NOISE_FLOOR_125KHZ_DBM + interferenceDb;
  const snrDb = signalDbm - noiseDbm + random.normal() * 0.5;
  const floorDb = SNR_FLOOR_DB[spreadingFactor];
  if (floorDb === undefined || snrDb < floorDb) return undefined;
  const totalMw = 10 ** (signalDbm / 10) + 10 ** (noiseDbm / 10);
  return {
    rssiChannelDbm: 10 * Math.log10(totalMw) + random.normal(),
    rssiSignalDbm: signalDbm + random.normal(),
    snrDb: Math.min(snrDb, SNR_CEILING_DB + random.normal() * 0.5),
  };
}
