import {
  AreaModel,
  findCellCentre,
  type LocationNumbers,
  type Observation,
  type PlaceModel,
  type PlaceQuestion,
  type Point,
  PropagationModel,
} from '@sextant/oracle/core';
import { greatCircleDistance, latLngToCell } from 'h3-js';
import { createSeeded, type Seeded } from '../../support/world/seeded.ts';

export const LINKS = 14;
const TOWNS = [
  { lat: 49.2, lng: 16.6 },
  { lat: -33.9, lng: 18.4 },
  { lat: 64.1, lng: -21.9 },
];
const SPREADS_KM = [5, 5, 12, 12, 30];
const MOVES_KM = [0, 0, 3, 8, 15, 40];
const FULL_WEIGHT = 10_000;
const AREA_LAW = { exponentPercent: 240, lossAtKmDdb: 1_300, sigmaDdb: 90 };

const cells = new Map();

/** Hotspots linked with 14 others within 5 to 30 km that claim to be where they are, or up to 40 km away. */
export function randomCases(count: number, seed: number): PlaceQuestion[] {
  const random = createSeeded(seed);
  return Array.from({ length: count }, () => randomCase(random));
}

/** The two models a place is judged by: of an area whose law is known, and of one whose is not. */
export function placeModels(numbers: LocationNumbers): readonly [PlaceModel, PlaceModel] {
  const prior = new PropagationModel(numbers);
  return [new AreaModel(AREA_LAW, prior.tables, numbers), prior];
}

function randomCase(random: Seeded): PlaceQuestion {
  const town = random.pick(TOWNS);
  const here = away(town, 6 * random.next(), 360 * random.next());
  const spreadKm = random.pick(SPREADS_KM);
  const observations: Observation[] = [];
  const around: bigint[] = [];
  while (observations.length < LINKS) {
    const there = away(here, Math.max(0.8, spreadKm * Math.sqrt(random.next())), 360 * random.next());
    const km = greatCircleDistance([here.lat, here.lng], [there.lat, there.lng], 'km');
    const lossDdb = Math.round(1270 + 317 * Math.log10(km) + 120 * normal(random));
    if (lossDdb > 1500) continue;
    const place = placeOf(there);
    around.push(place.cell);
    const kind = random.pick(['sent', 'heard', 'sent', 'silent'] as const);
    observations.push({
      ...pointOf(place),
      kind,
      lossDdb: kind === 'silent' ? 1480 : lossDdb,
      known: random.next() < 0.7,
      spreadDdb: random.pick([20, 30, 50]),
      weight: kind === 'silent' ? 3_000 : random.pick([FULL_WEIGHT, FULL_WEIGHT, 5_000]),
    });
  }
  return { claim: placeOf(away(here, random.pick(MOVES_KM), 360 * random.next())), observations, around };
}

const pointOf = ({ x, y, z }: Point): Point => ({ x, y, z });

function away(from: { lat: number; lng: number }, km: number, degrees: number): { lat: number; lng: number } {
  const angle = (degrees * Math.PI) / 180;
  const lat = from.lat + (km * Math.cos(angle)) / 111.2;
  return { lat, lng: from.lng + (km * Math.sin(angle)) / (111.2 * Math.cos((from.lat * Math.PI) / 180)) };
}

/** The cell a place is in. */
function placeOf({ lat, lng }: { lat: number; lng: number }): PlaceQuestion['claim'] {
  const cell = BigInt(`0x${latLngToCell(lat, lng, 9)}`);
  const centre = findCellCentre(cell, cells);
  if (!centre) throw new Error(`no cell at ${lat}, ${lng}`);
  return { cell, ...pointOf(centre) };
}

/** A standard normal deviate (Box and Muller). */
function normal(random: Seeded): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
