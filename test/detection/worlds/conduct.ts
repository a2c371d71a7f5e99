import type { Random } from '../../simulator/world/random.ts';
import type { Antenna, Hotspot, Measurement, Transmission } from './radio.ts';

/** A frame sent once more by somebody else. */
export interface Repeat {
  readonly from: Antenna;
  readonly eirpDbm: number;
  /** From the end of the first to the start of this one. */
  readonly delayMs: number;
}

/** A chance for an attacker to report a transmission. */
export interface Overheard {
  readonly transmission: Transmission;
  readonly witness: Hotspot;
  readonly epoch: number;
  /** What the concentrator of any hotspot truly measures of it. */
  heard(by: Hotspot): Measurement | undefined;
  readonly random: Random;
}

/** How attackers behave. Without `report` their gateways work and tell the truth about what they hear. */
export interface Conduct {
  repeats?(transmission: Transmission, random: Random): readonly Repeat[];
  report?(overheard: Overheard): Measurement | undefined;
}
