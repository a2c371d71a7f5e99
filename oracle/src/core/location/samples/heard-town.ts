import { findCellCentre } from '../../geometry/cell.ts';
import { distanceM } from '../../geometry/distance.ts';
import { tenLog10Udb } from '../../numeric/log10.ts';
import type { LinkStatistic, NetworkEvidence, Standing } from '../evidence.ts';
import { LinkStatistics } from '../link-statistics.ts';
import { type Site, townOf } from './radio-town.ts';

/** A law of radio nobody has told the detector. */
export interface TownLaw {
  readonly lossAtKmDb: number;
  readonly exponent: number;
  readonly sigmaDb: number;
}

/** What a town is drawn with besides its law. */
export interface TownOptions {
  readonly seed: number;
  /** Beacons of each hotspot; everybody listens to all of them. */
  readonly beacons: number;
  /** Lost at each hotspot, whatever the direction. */
  readonly wallsDb?: readonly number[];
  readonly standings?: readonly Standing[];
}

/** Half of all beacons are heard over this loss; each has its luck. */
const MIDDLE_DB = 144;
const LUCK_DB = { fading: 5.9, other: 7.4 };

const cells = new Map();

/** Uniform in 0 … 1, and normal deviates. */
export function seeded(seed: number) {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = (): number => Array.from({ length: 12 }, next).reduce((sum, one) => sum + one, -6);
  return { next, normal };
}

/** The losses of those of so many beacons that are heard over a mean loss, dB: 6 % are lost to others, the rest to bad luck. */
export function receptionsOver(lossDb: number, beacons: number, { next, normal }: ReturnType<typeof seeded>): number[] {
  return Array.from({ length: beacons }, () => lossDb + LUCK_DB.fading * normal()).filter(
    (level) => level + LUCK_DB.other * normal() < MIDDLE_DB && next() < 0.94,
  );
}

/** One epoch's evidence of a town whose links follow a law, heard as often as luck has it. */
export function heardTownOf(sites: readonly Site[], law: TownLaw, options: TownOptions): NetworkEvidence {
  const { beacons, seed, standings, wallsDb } = options;
  const claimed = townOf(sites, { seed, ...(standings ? { standings } : {}) });
  const real = townOf(
    sites.map(({ eastKm, northKm }) => ({ eastKm, northKm })),
    { seed },
  );
  const random = seeded(seed);
  const statistics = new LinkStatistics();
  const place = (i: number) => {
    const centre = findCellCentre(real.radios[i]?.cell as bigint, cells);
    if (!centre) throw new RangeError('a sample stands in no cell');
    return centre;
  };
  sites.forEach((_, a) => {
    for (let b = 0; b < a; b++) {
      const metres = distanceM(place(a), place(b));
      const walls = (wallsDb?.[a] ?? 0) + (wallsDb?.[b] ?? 0);
      const distanceDb = (tenLog10Udb(Math.max(1, metres)) - 30_000_000) / 1_000_000;
      const mean = law.lossAtKmDb + law.exponent * distanceDb + walls;
      const lossDb = mean + law.sigmaDb * random.normal();
      for (const [sender, receiver] of [
        [a, b],
        [b, a],
      ] as const) {
        for (const level of receptionsOver(lossDb, beacons, random)) {
          const senderCell = claimed.radios[sender]?.cell as bigint;
          const espDdbm = 100 - Math.round(10 * level);
          statistics.add({ sender, receiver, senderCell, eirpDdbm: 100, espDdbm, delayMs: 0 }, 0);
        }
      }
    }
  });
  const links: LinkStatistic[] = statistics.list();
  const radios = claimed.radios.map((radio) => ({ ...radio, transmissions: beacons, onlineRounds: beacons }));
  return { ...claimed, radios, links };
}
