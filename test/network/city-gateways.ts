import { latLngToCell } from 'h3-js';
import type { CityPlan, PlannedCar, PlannedHotspot } from '../simulator/city-plan.ts';
import type { OwnedGateway } from './owners.ts';

/** H3 resolution that owners assert by default. */
const CELL_RESOLUTION = 9;
const REGION = 'EU868';
/** A survey car's radio: 14 dBm on a dipole without gain. */
const CAR_RADIO = { antenna_gain_dbi: 0, tx_power_levels_dbm: [14] } as const;

/** What the owner of a simulated hotspot writes into the configuration: where it claims to be, liar or not. */
export function hotspotGateway(hotspot: PlannedHotspot): OwnedGateway {
  const { latitude, longitude } = hotspot.claimed;
  return {
    kind: 'hotspot',
    eui: hotspot.eui,
    table: {
      region: REGION,
      cell: latLngToCell(latitude, longitude, CELL_RESOLUTION),
      antenna_height_m: hotspot.antennaAglM,
      altitude_m: hotspot.altitudeMslM,
      antenna_gain_dbi: hotspot.antennaGainDdbi / 10,
      tx_power_levels_dbm: hotspot.txPowerLevelsDdbm.map((level) => level / 10),
    },
  };
}

/** A survey car, with the port of its GNSS receiver. */
export const carGateway = (car: PlannedCar, gpsdPort: number): OwnedGateway => ({
  kind: 'survey_device',
  eui: car.eui,
  table: { region: REGION, ...CAR_RADIO, gpsd: `127.0.0.1:${gpsdPort}` },
});

/** Who is served by which bridge process: each gets its share of hotspots and cars. */
export function shareOut<T>(items: readonly T[], bridges: number): readonly (readonly T[])[] {
  return Array.from({ length: bridges }, (_, i) => items.filter((_, n) => n % bridges === i));
}

/** EUIs of a plan, hotspots and cars. */
export const euisOf = ({ hotspots, cars }: CityPlan): readonly string[] => [...hotspots, ...cars].map(({ eui }) => eui);
