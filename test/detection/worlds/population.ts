import type { Random } from '../../simulator/world/random.ts';
import type { Hotspot, SurveyCar } from './radio.ts';
import { drawAntenna, drawHotspot, drawSetting, placeOnDisc, polar, type Site } from './site.ts';

export interface PopulationOptions {
  readonly honest: number;
  /** Epoch at which the newcomers join, and before which the network has a history. */
  readonly settledEpochs: number;
  /** Epochs in all. */
  readonly epochs: number;
}

export interface Population {
  readonly hotspots: readonly Hotspot[];
  readonly cars: readonly SurveyCar[];
  /** Antennas have numbers below this. */
  readonly antennas: number;
}

const COUNTRY_RADIUS_M = 40_000;
const MOUNTAIN_LINK_M = 109_000;
const VILLAGES = 4;
/** One honest hotspot in twelve is audited. */
const ANCHOR_EVERY = 12;
/** Joins together with the attackers. */
const NEWCOMER_SHARE = 0.03;
/** Falls silent for good some time. */
const DYING_SHARE = 0.03;
const CARS = 2;

/** Two thirds in the city, the rest in villages and alone in the country, two on mountains 109 km apart. */
export function drawPopulation(site: Site, options: PopulationOptions, random: Random): Population {
  const { honest, settledEpochs, epochs } = options;
  const villages = Array.from({ length: VILLAGES }, () =>
    polar({ eastM: 0, northM: 0 }, random.between(11_000, 30_000), random.between(0, 2 * Math.PI)),
  );
  const bearing = random.between(0, 2 * Math.PI);
  const firstMountain = polar({ eastM: 0, northM: 0 }, random.between(18_000, 28_000), bearing);
  const mountains = [firstMountain, polar(firstMountain, MOUNTAIN_LINK_M, bearing)];
  const hotspots = Array.from({ length: honest }, (_, id): Hotspot => {
    const stream = random.fork(`honest/${id}`);
    const mountain = mountains[id];
    const place = mountain ?? placeOf(site, id / honest, villages, stream);
    const setting = mountain ? 'mountain' : drawSetting(stream);
    const groundM = mountain ? stream.between(1_300, 2_000) : site.groundM;
    const antenna = drawAntenna(site, { index: id, place, setting, groundM }, stream);
    const isNew = stream.next() < NEWCOMER_SHARE;
    const dies = stream.next() < DYING_SHARE;
    const fate = dies ? { untilEpoch: stream.below(epochs) } : {};
    const anchor = id % ANCHOR_EVERY === ANCHOR_EVERY - 1;
    const fromEpoch = isNew && !anchor ? settledEpochs : 0;
    // An owner has one hotspot mostly, at times two in a row.
    const owner = id - (id % 5 === 4 ? 1 : 0);
    return drawHotspot(site, { id, owner, antenna, fromEpoch, anchor, ...fate }, stream);
  });
  const cars = Array.from({ length: CARS }, (_, i) => {
    const stream = random.fork(`car/${i}`);
    return { name: `car ${i + 1}`, key: stream.bytes(32), owner: 1_000_000 + i };
  });
  return { hotspots, cars, antennas: honest + CARS };
}

function placeOf(site: Site, rank: number, villages: readonly { eastM: number; northM: number }[], random: Random) {
  if (rank < 0.68) return placeOnDisc(site.cityRadiusM, random);
  if (rank < 0.9) return polar(random.pick(villages), 2_500 * Math.sqrt(random.next()), random.between(0, 2 * Math.PI));
  return placeOnDisc(COUNTRY_RADIUS_M, random);
}
