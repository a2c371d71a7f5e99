import { createProjection, type LatLng, type Place } from './world/place.ts';
import { createRandom, type Random } from './world/random.ts';

/** Flat country and a round city: nothing here depends on which one it is. */
const CITY_CENTRE: LatLng = { latitude: 51.34, longitude: 12.37 };
/** Hotspots stand within this of the centre. */
const CITY_RADIUS_M = 6_500;

export const CHEATS = ['moved_claim', 'one_room', 'replay', 'over_power', 'invented_witness'] as const;
export type Cheat = (typeof CHEATS)[number];

export interface PlannedHotspot {
  /** 16 hex digits. */
  readonly eui: string;
  readonly label: string;
  /** Where the antenna really stands. */
  readonly place: Place;
  /** Where its owner says it stands. */
  readonly claimed: LatLng;
  readonly antennaGainDdbi: number;
  readonly antennaAglM: number;
  /** What the site's ground and mast give. */
  readonly altitudeMslM: number;
  readonly model: 'sx1302' | 'sx1301';
  /** Conducted levels its owner declares, ddBm. */
  readonly txPowerLevelsDdbm: readonly number[];
  readonly cheat?: Cheat;
}

export interface PlannedCar {
  readonly eui: string;
  readonly label: string;
}

export interface CityPlan {
  readonly seed: string;
  readonly centre: LatLng;
  readonly radiusM: number;
  readonly hotspots: readonly PlannedHotspot[];
  readonly cars: readonly PlannedCar[];
}

export interface CityPlanOptions {
  readonly seed: string;
  readonly hotspots: number;
  readonly cheaters: number;
  readonly cars: number;
}

const GROUND_MSL_M = 115;
/** Levels that both concentrators can produce and that stay within 16 dBm EIRP with these antennas. */
const LEVELS: Readonly<Record<PlannedHotspot['model'], readonly number[]>> = {
  sx1302: [120, 130, 140],
  sx1301: [60, 100, 140],
};
const EUI_HOTSPOT = 0xaa555a00_00000000n;
const EUI_CAR = 0xaa555a01_00000000n;

/** Who lives in the simulated city: the launcher and the simulator draw the same plan from the same seed. */
export function planCity(options: CityPlanOptions): CityPlan {
  const random = createRandom(`${options.seed}/city`);
  const honest = Math.max(0, options.hotspots - options.cheaters);
  const hotspots = Array.from({ length: options.hotspots }, (_, i) =>
    planHotspot(
      i,
      i < honest ? undefined : (CHEATS[(i - honest) % CHEATS.length] as Cheat),
      random.fork(`hotspot/${i}`),
    ),
  );
  const cars = Array.from({ length: options.cars }, (_, i) => ({ eui: eui(EUI_CAR, i), label: `car ${i + 1}` }));
  return { seed: options.seed, centre: CITY_CENTRE, radiusM: CITY_RADIUS_M, hotspots, cars };
}

function planHotspot(index: number, cheat: Cheat | undefined, random: Random): PlannedHotspot {
  const projection = createProjection(CITY_CENTRE);
  const home = cheat === 'one_room' ? roomPlace(random) : cityPlace(random);
  const claimedPlace = claimOf(cheat, home, random);
  const antennaAglM = Math.round(random.between(6, 28));
  const model = random.next() < 0.7 ? 'sx1302' : 'sx1301';
  return {
    eui: eui(EUI_HOTSPOT, index),
    label: cheat ? `${cheat} ${index + 1}` : `hotspot ${index + 1}`,
    place: home,
    claimed: projection.toLatLng(claimedPlace),
    antennaGainDdbi: random.pick([0, 12, 20]),
    antennaAglM,
    altitudeMslM: GROUND_MSL_M + antennaAglM,
    model,
    txPowerLevelsDdbm: LEVELS[model],
    ...(cheat ? { cheat } : {}),
  };
}

function cityPlace(random: Random): Place {
  const radius = CITY_RADIUS_M * Math.sqrt(random.next());
  const bearing = random.between(0, 2 * Math.PI);
  return { eastM: radius * Math.sin(bearing), northM: radius * Math.cos(bearing) };
}

/** All who claim a city from one room share a flat in the outskirts. */
function roomPlace(random: Random): Place {
  return { eastM: 5_200 + random.between(-3, 3), northM: -3_800 + random.between(-3, 3) };
}

function claimOf(cheat: Cheat | undefined, home: Place, random: Random): Place {
  if (cheat === 'one_room') return cityPlace(random);
  if (cheat !== 'moved_claim') return home;
  const bearing = random.between(0, 2 * Math.PI);
  return { eastM: home.eastM + 20_000 * Math.sin(bearing), northM: home.northM + 20_000 * Math.cos(bearing) };
}

function eui(base: bigint, index: number): string {
  return (base + BigInt(index + 1)).toString(16).padStart(16, '0');
}
