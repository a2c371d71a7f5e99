import { latLngToCell } from 'h3-js';
import { createProjection, type LatLng, type Place, type Projection } from '../../simulator/world/place.ts';
import type { Random } from '../../simulator/world/random.ts';
import type { Antenna, Claim, Hotspot, Receiver, RssiConvention, Setting } from './radio.ts';

/** The ground a world stands on. */
export interface Site {
  readonly centre: LatLng;
  readonly projection: Projection;
  readonly groundM: number;
  readonly cityRadiusM: number;
}

const CITY_RADIUS_M = 8_000;
/** Conducted levels within 16 dBm EIRP (EU868) whatever the antenna below. */
const LEVELS_DBM: readonly number[] = [2, 5, 8, 11];

/** Some place on land between the tropics and the polar circles. */
export function drawSite(random: Random): Site {
  const centre = { latitude: random.between(36, 58), longitude: random.between(-8, 38) };
  const groundM = Math.round(random.between(20, 400));
  return { centre, projection: createProjection(centre), groundM, cityRadiusM: CITY_RADIUS_M };
}

export function polar(from: Place, distanceM: number, bearing: number): Place {
  return {
    eastM: from.eastM + distanceM * Math.sin(bearing),
    northM: from.northM + distanceM * Math.cos(bearing),
  };
}

/** Uniform on a disc about the city's centre. */
export function placeOnDisc(radiusM: number, random: Random): Place {
  return polar({ eastM: 0, northM: 0 }, radiusM * Math.sqrt(random.next()), random.between(0, 2 * Math.PI));
}

/** One hotspot in five is indoors. */
export const INDOOR_SHARE = 0.2;
/** What walls lose indoors, and by how much any antenna's surroundings differ from the law of its place: dB. */
export const INDOOR_WALLS_DB = [5, 15] as const;
export const CLUTTER_SIGMA_DB = 2.5;

/** How somebody who is not on a mountain puts up an antenna. */
export function drawSetting(random: Random): Setting {
  return random.next() < INDOOR_SHARE ? 'indoor' : 'roof';
}

const HEIGHT_M: Readonly<Record<Setting, readonly [number, number]>> = {
  roof: [6, 25],
  indoor: [2, 15],
  mountain: [4, 12],
  street: [1, 2],
};

export function drawAntenna(
  site: Site,
  options: { readonly index: number; readonly place: Place; readonly setting: Setting; readonly groundM?: number },
  random: Random,
): Antenna {
  const { index, place, setting } = options;
  const [low, high] = HEIGHT_M[setting];
  const wallsDb = setting === 'indoor' ? random.between(...INDOOR_WALLS_DB) : 0;
  return {
    index,
    place,
    setting,
    altitudeM: Math.round((options.groundM ?? site.groundM) + random.between(low, high)),
    gainDbi: random.pick([1.2, 2.6, 3, 4, 5.8]) + random.normal() * 0.7,
    clutterDb: wallsDb + CLUTTER_SIGMA_DB * random.normal(),
    moves: setting === 'street',
  };
}

const CONVENTIONS: readonly RssiConvention[] = ['channel', 'channel', 'signal', 'both', 'both'];
/** One board in a hundred has a clock nobody keeps right. */
const BAD_CLOCK = 0.01;

/** Offsets of 4 dB and noise figures of 1.5 … 6 dB: bench measurements of Bonn and Semtech's reference boards. */
function drawReceiver(random: Random): Receiver {
  const hasBadClock = random.next() < BAD_CLOCK;
  return {
    offsetDb: 4 * random.normal(),
    noiseFigureDb: random.between(1.5, 6),
    convention: random.pick(CONVENTIONS),
    clockErrorMs: hasBadClock ? random.between(-3_000, 3_000) : 120 * random.normal(),
    latencyMs: 60 * Math.exp(0.8 * random.normal()),
  };
}

/** What an owner at `place` would honestly assert of this antenna. */
function claimPlace(site: Site, place: Place, antenna: Antenna, random: Random): Claim {
  const { latitude, longitude } = site.projection.toLatLng(place);
  const resolution = random.pick([8, 9, 9, 9, 9, 10]);
  return {
    place,
    cell: BigInt(`0x${latLngToCell(latitude, longitude, resolution)}`),
    point: latLngToCell(latitude, longitude, 12),
    altitudeM: antenna.altitudeM,
    gainDdbi: Math.round((antenna.gainDbi + random.normal() * 0.5) * 10),
  };
}

export interface HotspotOptions {
  readonly id: number;
  readonly owner: number;
  readonly antenna: Antenna;
  /** Where it says it is; its antenna's place if absent. */
  readonly claimed?: Place;
  readonly fromEpoch: number;
  readonly attacker?: boolean;
  readonly anchor?: boolean;
  readonly untilEpoch?: number;
  readonly extraPowerDb?: number;
}

export function drawHotspot(site: Site, options: HotspotOptions, random: Random): Hotspot {
  const { antenna, attacker, anchor, claimed, extraPowerDb, fromEpoch, id, owner, untilEpoch } = options;
  return {
    id,
    key: random.bytes(32),
    owner,
    antenna,
    receiver: drawReceiver(random),
    claim: claimPlace(site, claimed ?? antenna.place, antenna, random),
    levelsDbm: LEVELS_DBM,
    extraPowerDb: extraPowerDb ?? 0,
    attacker: attacker ?? false,
    anchor: anchor ?? false,
    fromEpoch,
    untilEpoch: untilEpoch ?? Number.POSITIVE_INFINITY,
  };
}
