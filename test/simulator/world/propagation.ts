import { distanceM, type Place } from './place.ts';
import type { Random } from './random.ts';
import { createShadowField } from './shadow-field.ts';

/** Loss at 1 km: Petäjäjärvi et al., ITST 2015, Oulu, 868 MHz (as in FLoRa's LoRaPathLossOulu.ned). */
const PATH_LOSS_1KM_DB = 128.95;

export interface PropagationOptions {
  /** Path loss exponent. */
  readonly exponent: number;
  /** Standard deviation of shadowing between places. */
  readonly shadowingDb: number;
  readonly decorrelationM: number;
  /** Standard deviation from packet to packet on one link. */
  readonly fadingDb: number;
}

/** The city of the demonstration: n 3.2, σ 10 dB, shadows of 200 m, 3 dB from packet to packet. */
export const CITY_PROPAGATION: PropagationOptions = {
  exponent: 3.2,
  shadowingDb: 10,
  decorrelationM: 200,
  fadingDb: 3,
};

/** An antenna at a place; its name is what its own shadows hang on. */
export interface Antenna {
  readonly name: string;
  readonly place: Place;
}

export interface Propagation {
  /** Loss between two antennas now, dB: distance, the shadows both stand in (the same in both directions), and fading. */
  pathLossDb(a: Antenna, b: Antenna): number;
}

export function createPropagation(options: PropagationOptions, random: Random): Propagation {
  const fields = new Map<string, (at: Place) => number>();
  const fieldOf = (name: string): ((at: Place) => number) => {
    let field = fields.get(name);
    if (!field) {
      field = createShadowField(options.decorrelationM, random.fork(`shadow/${name}`));
      fields.set(name, field);
    }
    return field;
  };
  const fading = random.fork('fading');
  return {
    pathLossDb(a, b) {
      const km = Math.max(distanceM(a.place, b.place), 10) / 1000;
      const shadow = (fieldOf(a.name)(b.place) + fieldOf(b.name)(a.place)) / Math.SQRT2;
      return (
        PATH_LOSS_1KM_DB +
        10 * options.exponent * Math.log10(km) +
        options.shadowingDb * shadow +
        options.fadingDb * fading.normal()
      );
    },
  };
}
