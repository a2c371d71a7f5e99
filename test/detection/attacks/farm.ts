import type { Place } from '../../simulator/world/place.ts';
import type { Overheard } from '../worlds/conduct.ts';
import { type Antenna, type Hotspot, isHotspot, type Measurement } from '../worlds/radio.ts';
import { polar } from '../worlds/site.ts';
import type { Recruiter } from './attack.ts';

/** Keys that share one site: one antenna on a roof, and claims about it. */
export interface Farm {
  readonly antenna: Antenna;
  readonly members: readonly Hotspot[];
}

export interface FarmOptions {
  readonly size: number;
  /** Where the site stands. */
  readonly at: (recruiter: Recruiter) => Place;
  /** How far from it the middle of the claims lies, metres. */
  readonly offM: readonly [number, number];
  /** How far from their middle the claims lie at most: near enough to be heard by each other. */
  readonly spreadM: number;
}

/** Farms for as many keys as there are to recruit. */
export function recruitFarms(recruiter: Recruiter, options: FarmOptions): readonly Farm[] {
  return recruiter.gangs(options.size).map((size) => {
    const { random } = recruiter;
    const antenna = recruiter.antenna(options.at(recruiter));
    const bearing = (): number => random.between(0, 2 * Math.PI);
    const middle = polar(antenna.place, random.between(...options.offM), bearing());
    const members = Array.from({ length: size }, () => {
      const claimed = polar(middle, options.spreadM * Math.sqrt(random.next()), bearing());
      return recruiter.hotspot(antenna, claimed);
    });
    return { antenna, members };
  });
}

/** Which farm a key belongs to. */
export function farmIndex(farms: readonly Farm[]): (hotspot: Hotspot) => Farm | undefined {
  const byId = new Map(farms.flatMap((farm) => farm.members.map((member) => [member.id, farm] as const)));
  return ({ id }) => byId.get(id);
}

/** The sender if it is one of the witness's farm. */
export function accompliceOf(
  { transmission, witness }: Overheard,
  farmOf: (hotspot: Hotspot) => Farm | undefined,
): Hotspot | undefined {
  const { sender } = transmission;
  if (!isHotspot(sender)) return undefined;
  const farm = farmOf(sender);
  return farm !== undefined && farm === farmOf(witness) ? sender : undefined;
}

/** What the farm's first working gateway truly measures: the ear of all its keys. */
export function farmHears(overheard: Overheard, farm: Farm | undefined): Measurement | undefined {
  const ear = farm?.members[0];
  return ear && overheard.heard(ear);
}

/**
 * How far a measurement departs from what this ear usually has of this sender: it tells a forger who knows neither the
 * sender's power nor the shadows what the secret power step did.
 */
export class UsualPower {
  readonly #sums = new Map<string, { sum: number; count: number }>();

  deviationDb(overheard: Overheard, farm: Farm, measured: Measurement): number {
    const { sender, cell } = overheard.transmission;
    const name = `${farm.antenna.index}/${isHotspot(sender) ? sender.id : cell}`;
    const entry = this.#sums.get(name) ?? { sum: 0, count: 0 };
    const usual = entry.count === 0 ? measured.signalDbm : entry.sum / entry.count;
    this.#sums.set(name, { sum: entry.sum + measured.signalDbm, count: entry.count + 1 });
    return measured.signalDbm - usual;
  }
}
