import type { Random } from '../../simulator/world/random.ts';
import { measure } from './concentrator.ts';
import type { Repeat } from './conduct.ts';
import type { Antenna, Hotspot, Measurement, Transmission } from './radio.ts';
import type { PathLoss } from './radio-law.ts';

const CAPTURE_DB = 6;
const LONGEST_AIRTIME_MS = 3_000;

/** The one medium: collisions, capture and half duplex; each antenna measures a frame once, whoever asks. */
export class Air {
  readonly #pathLoss: PathLoss;
  readonly #random: Random;
  readonly #beside = new Map<Transmission, readonly Transmission[]>();
  /** By receiver, of the transmission asked for last. */
  readonly #measured = new Map<Hotspot, Measurement | undefined>();
  #current: Transmission | undefined;

  /** `transmissions` by their start. */
  constructor(pathLoss: PathLoss, transmissions: readonly Transmission[], random: Random) {
    this.#pathLoss = pathLoss;
    this.#random = random;
    transmissions.forEach((one, i) => {
      const beside = [...earlier(transmissions, i), ...later(transmissions, i)];
      if (beside.length > 0) this.#beside.set(one, beside);
    });
  }

  /** What a hotspot's own concentrator measures of a transmission, or of the first repeat of it that it can decode. */
  heard(transmission: Transmission, by: Hotspot, repeats: readonly Repeat[] = []): Measurement | undefined {
    if (transmission !== this.#current) {
      this.#measured.clear();
      this.#current = transmission;
    }
    if (this.#measured.has(by)) return this.#measured.get(by);
    const measured = this.#direct(transmission, by) ?? this.echo(transmission, by, repeats);
    this.#measured.set(by, measured);
    return measured;
  }

  /** What it measures of the repeats alone. */
  echo(transmission: Transmission, by: Hotspot, repeats: readonly Repeat[]): Measurement | undefined {
    for (const { from, eirpDbm, delayMs } of repeats) {
      if (from === by.antenna) continue;
      const echo = this.#receive(from, eirpDbm, transmission.spreadingFactor, by);
      if (echo) return { ...echo, afterMs: delayMs + 2 * transmission.airtimeMs, isRepeat: true };
    }
    return undefined;
  }

  #direct(transmission: Transmission, by: Hotspot): Measurement | undefined {
    const { airtimeMs, antenna, spreadingFactor, trueEirpDbm } = transmission;
    if (antenna === by.antenna || this.#isDrowned(transmission, by)) return undefined;
    const direct = this.#receive(antenna, trueEirpDbm, spreadingFactor, by);
    return direct && { ...direct, afterMs: airtimeMs };
  }

  #receive(from: Antenna, eirpDbm: number, spreadingFactor: number, by: Hotspot) {
    const mean = eirpDbm - this.#pathLoss.between(from, by.antenna) + by.antenna.gainDbi;
    return measure(mean, spreadingFactor, by.receiver, this.#random);
  }

  /** Sending itself, or something else on the same channel and spreading factor is not 6 dB weaker. */
  #isDrowned(transmission: Transmission, by: Hotspot): boolean {
    const beside = this.#beside.get(transmission);
    if (!beside) return false;
    const powerOf = (one: Transmission): number => one.trueEirpDbm - this.#pathLoss.between(one.antenna, by.antenna);
    return beside.some((other) => {
      if (other.antenna === by.antenna) return true;
      const sameAir = other.channel === transmission.channel && other.spreadingFactor === transmission.spreadingFactor;
      return sameAir && powerOf(transmission) < powerOf(other) + CAPTURE_DB;
    });
  }
}

/** Those before the i-th that are still on the air when it starts. */
function earlier(transmissions: readonly Transmission[], i: number): Transmission[] {
  const { startMs } = transmissions[i] as Transmission;
  const found: Transmission[] = [];
  for (let j = i - 1; j >= 0; j--) {
    const other = transmissions[j] as Transmission;
    if (other.startMs + LONGEST_AIRTIME_MS < startMs) break;
    if (other.startMs + other.airtimeMs > startMs) found.push(other);
  }
  return found;
}

/** Those after the i-th that start before it ends. */
function later(transmissions: readonly Transmission[], i: number): Transmission[] {
  const { startMs, airtimeMs } = transmissions[i] as Transmission;
  const found: Transmission[] = [];
  for (let j = i + 1; j < transmissions.length; j++) {
    const other = transmissions[j] as Transmission;
    if (other.startMs > startMs + airtimeMs) break;
    found.push(other);
  }
  return found;
}
