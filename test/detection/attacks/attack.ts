import type { Place } from '../../simulator/world/place.ts';
import type { Random } from '../../simulator/world/random.ts';
import type { Conduct } from '../worlds/conduct.ts';
import type { Antenna, Hotspot, Setting } from '../worlds/radio.ts';
import { drawAntenna, drawHotspot, type HotspotOptions, placeOnDisc } from '../worlds/site.ts';
import type { World } from '../worlds/world.ts';

/** Who attacks, and how they behave. */
export interface Gang {
  /** New keys, whose ids follow those of the population. */
  readonly joined: readonly Hotspot[];
  /** Hotspots of the population that turned: same ids, other truths. */
  readonly turned: readonly Hotspot[];
  readonly conduct: Conduct;
}

export interface Attack {
  readonly name: string;
  /** What they do, for a table's reader. */
  readonly does: string;
  recruit(recruiter: Recruiter): Gang;
}

/** Makes the keys and antennas an attack asks for. */
export class Recruiter {
  readonly world: World;
  readonly count: number;
  /** First epoch of the attack. */
  readonly epoch: number;
  readonly random: Random;
  #antennas: number;
  #ids: number;

  constructor(options: { readonly count: number; readonly epoch: number }, world: World, random: Random) {
    this.world = world;
    this.count = options.count;
    this.epoch = options.epoch;
    this.random = random;
    this.#antennas = world.population.antennas;
    this.#ids = world.population.hotspots.length;
  }

  antenna(place: Place, setting: Setting = 'roof'): Antenna {
    const index = this.#antennas++;
    return drawAntenna(this.world.site, { index, place, setting }, this.random.fork(`antenna/${index}`));
  }

  /** Each has an address of its own: they cost nothing. */
  hotspot(antenna: Antenna, claimed: Place, more: Pick<HotspotOptions, 'extraPowerDb'> = {}): Hotspot {
    const id = this.#ids++;
    const options = { id, owner: 10_000 + id, antenna, claimed, fromEpoch: this.epoch, attacker: true, ...more };
    return drawHotspot(this.world.site, options, this.random.fork(`key/${id}`));
  }

  /** Where people live: in the city mostly, else in the country about it. */
  home(): Place {
    const { cityRadiusM } = this.world.site;
    return placeOnDisc(this.random.next() < 0.75 ? cityRadiusM : 3 * cityRadiusM, this.random);
  }

  /** `count` people in gangs of `size`, the last one smaller. */
  gangs(size: number): readonly number[] {
    return Array.from({ length: Math.ceil(this.count / size) }, (_, i) => Math.min(size, this.count - i * size));
  }
}
