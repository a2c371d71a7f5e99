import type { Random } from '../../simulator/world/random.ts';
import {
  type Hotspot,
  isHotspot,
  type Measurement,
  type Receiver,
  type Reception,
  type Transmission,
} from './radio.ts';
import { FADING_DB } from './radio-law.ts';

/** kTB at 290 K in 125 kHz, dBm. */
const THERMAL_DBM = -123;
/** Demodulation floors, Semtech SX1276 datasheet. */
const SNR_FLOOR_DB: Readonly<Record<number, number>> = { 7: -7.5, 8: -10, 9: -12.5, 10: -15, 11: -17.5, 12: -20 };
/** Real decodes reach below the datasheet: by 1.5 dB on average here, by up to 5 (Brno, St Eynard, Tour Perret). */
const BELOW_DATASHEET_DB = 1.5;
/** Highest SNR the chips tell: 9 … 12 dB. */
const SNR_CEILING_DB = 10;
/** Lost to whatever else is on the air. */
const AMBIENT_LOSS = 0.03;
/** Weaker than this is not worth drawing fading for. */
const HOPELESS_BELOW_FLOOR_DB = 22;

/** What a concentrator measures of a frame whose mean power at the antenna is `meanDbm`; undefined: it cannot decode it. */
export function measure(
  meanDbm: number,
  spreadingFactor: number,
  receiver: Receiver,
  random: Random,
): Omit<Measurement, 'afterMs'> | undefined {
  const floorDb = SNR_FLOOR_DB[spreadingFactor] ?? 0;
  if (meanDbm < THERMAL_DBM + floorDb - HOPELESS_BELOW_FLOOR_DB) return undefined;
  const signalDbm = meanDbm + FADING_DB * random.normal();
  const noiseDbm = THERMAL_DBM + receiver.noiseFigureDb + interferenceDb(random);
  const snrDb = signalDbm - noiseDbm;
  if (snrDb < floorDb - BELOW_DATASHEET_DB + random.normal() || random.next() < AMBIENT_LOSS) return undefined;
  return { signalDbm, noiseDbm, snrDb };
}

/** Quiet mostly, sometimes a neighbour on the same channel: in Brno the median noise lies 11 dB over thermal. */
function interferenceDb(random: Random): number {
  return random.next() < 0.35 ? random.between(2, 18) : random.between(0, 3);
}

/** The report a gateway makes of a measurement: its own offset, its own convention, whole dB for RSSI, quarters for SNR. */
export function toReception(
  measured: Measurement,
  transmission: Transmission,
  witness: Hotspot,
  random: Random,
): Reception {
  const { offsetDb, convention, clockErrorMs, latencyMs } = witness.receiver;
  const signal = measured.signalDbm + random.normal();
  const noiseMw = 10 ** (measured.noiseDbm / 10);
  const channelDdbm = 10 * Math.round(10 * Math.log10(10 ** (signal / 10) + noiseMw) + offsetDb);
  const signalDdbm = 10 * Math.round(signal + offsetDb);
  const snrDb = Math.min(measured.snrDb + random.normal() * 0.7, SNR_CEILING_DB + random.normal());
  const senderClockMs = isHotspot(transmission.sender) ? transmission.sender.receiver.clockErrorMs : 0;
  return {
    transmission,
    witness,
    ...(convention === 'signal' ? {} : { rssiChannelDdbm: channelDdbm }),
    ...(convention === 'channel' ? {} : { rssiSignalDdbm: signalDdbm }),
    snrDdb: Math.round((Math.round(snrDb * 4) / 4) * 10),
    receivedAfterMs: Math.round(measured.afterMs + clockErrorMs - senderClockMs),
    arrivedMs: transmission.startMs + measured.afterMs + latencyMs * (1 + 0.3 * random.next()),
    ...(measured.isRepeat ? { isRepeat: true } : {}),
  };
}
