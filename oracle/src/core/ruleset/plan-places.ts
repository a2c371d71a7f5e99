import type { RegionPlanName } from '@sextant/firmware-bridge/protocol';

/** [south, west, north, east] in whole degrees, west < east. */
export type PlaceBox = readonly [number, number, number, number];

const AMERICAS: readonly PlaceBox[] = [
  [13, -172, 84, -50],
  [-57, -120, 13, -32],
];
const HAWAII_AND_SAMOA: PlaceBox = [-16, -180, 30, -150];
const ALEUTIANS: PlaceBox = [50, 170, 56, 180];
const MARIANAS: PlaceBox = [12, 143, 22, 147];
const OCEANIA: readonly PlaceBox[] = [
  [-56, 90, 6, 180],
  [-56, -180, 6, -130],
];
const EUROPE_AFRICA_MIDDLE_EAST: PlaceBox = [-36, -32, 84, 64];
const SOUTH_EAST_ASIA: PlaceBox = [-12, 64, 40, 127];
const RUSSIA: readonly PlaceBox[] = [
  [40, 19, 84, 180],
  [60, -180, 73, -168],
];
/** Greenland, the Caribbean and Guiana, Saint-Pierre, New Caledonia, Wallis and Polynesia: under European rules. */
const EUROPE_OVERSEAS: readonly PlaceBox[] = [
  [59, -74, 84, -10],
  [10, -72, 19, -59],
  [2, -55, 6, -51],
  [46, -57, 48, -55],
  [-24, 158, -10, 180],
  [-15, -180, -12, -175],
  [-28, -155, -7, -134],
];
const OUTSIDE_NORTH_AMERICA: readonly PlaceBox[] = [[-56, -32, 84, 180], [-57, -120, 33, -32], ...OCEANIA];

/**
 * Where each channel plan may be in use, in boxes drawn generously around the countries: they tell continents apart,
 * not countries, because an honest owner must never be refused. EU433 is usable nearly everywhere.
 */
export const PLAN_PLACES: Readonly<Record<RegionPlanName, readonly PlaceBox[]>> = {
  EU868: [EUROPE_AFRICA_MIDDLE_EAST, SOUTH_EAST_ASIA, ...RUSSIA, ...EUROPE_OVERSEAS],
  US915_FSB2: [...AMERICAS, HAWAII_AND_SAMOA, ALEUTIANS, MARIANAS],
  AU915_FSB2: [...AMERICAS, ...OCEANIA],
  AS923_1: [[-56, -32, 38, 180], [-57, -120, 33, -32], [33, 88, 54, 180], ...OCEANIA],
  AS923_2: [[-12, 88, 30, 145]],
  AS923_3: OUTSIDE_NORTH_AMERICA,
  AS923_4: [[27, 33, 36, 38]],
  IN865: [[0, 55, 42, 100], SOUTH_EAST_ASIA, [-36, -20, 38, 60], ...OCEANIA],
  KR920: [[32, 123, 40, 133]],
  RU864: RUSSIA,
  CN470: [[3, 73, 54, 136]],
  EU433: [[-90, -180, 90, 180]],
};
