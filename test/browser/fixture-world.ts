import type { CoverageRow } from '@sextant/oracle/tiles';
import { cellToLatLng, greatCircleDistance, latLngToCell } from 'h3-js';

/** mulberry32: the same world on every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface FixtureHotspot {
  readonly id: string;
  readonly name: string;
  readonly cell: string;
  readonly centre: readonly [lat: number, lng: number];
  readonly cheats: boolean;
  readonly status: 'active' | 'silent';
}

interface FixtureHeard {
  readonly hotspot: FixtureHotspot;
  readonly espDdbm: number;
  readonly distanceM: number;
}

export interface FixtureHex {
  readonly cell: string;
  /** Loudest first. */
  readonly heardBy: readonly FixtureHeard[];
  /** How many visits it took to get here: earlier epochs know fewer. */
  readonly order: number;
}

/** A small city: hotspots, and the hexagons that survey cars have driven through. */
export interface FixtureWorld {
  readonly hotspots: readonly FixtureHotspot[];
  readonly hexes: readonly FixtureHex[];
}

const CITY: readonly [lat: number, lng: number] = [49.195, 16.608];
const HOTSPOTS = 60;
const CARS = 6;
const STEPS = 2_600;
const STEP_DEGREES = 0.0016;
const SENSITIVITY_DDBM = -1330;
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const FIRST = ['brave', 'calm', 'eager', 'gentle', 'lively', 'mellow', 'noble', 'quiet', 'rapid', 'sunny'];
const SECOND = ['amber', 'cobalt', 'copper', 'indigo', 'ivory', 'olive', 'scarlet', 'silver', 'teal', 'violet'];
const THIRD = ['badger', 'crane', 'falcon', 'heron', 'lynx', 'marten', 'otter', 'raven', 'stoat', 'wren'];

export function createWorld(seed: number): FixtureWorld {
  const random = generator(seed);
  const hotspots = Array.from({ length: HOTSPOTS }, (_, index) => createHotspot(index, random));
  const visited = new Set<string>();
  for (let car = 0; car < CARS; car += 1) drive(visited, random);
  const hexes = [...visited].map((cell, order) => ({ cell, order, heardBy: listeners(cell, hotspots, random) }));
  return { hotspots, hexes };
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('Nothing to pick from');
  return item;
}

/** Roughly normal, mean 0, deviation 1. */
const normal = (random: () => number): number =>
  Array.from({ length: 12 }, random).reduce((sum, value) => sum + value, -6);

function createHotspot(index: number, random: () => number): FixtureHotspot {
  const cell = latLngToCell(CITY[0] + normal(random) * 0.042, CITY[1] + normal(random) * 0.062, 9);
  return {
    id: `hs1${Array.from({ length: 58 }, () => BECH32.charAt(Math.floor(random() * BECH32.length))).join('')}`,
    name: `${pick(FIRST, random)}-${pick(SECOND, random)}-${pick(THIRD, random)}`,
    cell,
    centre: cellToLatLng(cell),
    cheats: index % 8 === 5,
    status: index % 11 === 7 ? 'silent' : 'active',
  };
}

/** A walk that keeps its direction for a while and turns back at the edge of the county. */
function drive(visited: Set<string>, random: () => number): void {
  let [lat, lng] = CITY;
  let heading = random() * 2 * Math.PI;
  for (let step = 0; step < STEPS; step += 1) {
    heading += random() < 0.07 ? (random() < 0.5 ? 1 : -1) * (Math.PI / 2) : normal(random) * 0.06;
    if (Math.hypot(lat - CITY[0], (lng - CITY[1]) * 0.65) > 0.16) heading = Math.atan2(CITY[1] - lng, CITY[0] - lat);
    lat += Math.cos(heading) * STEP_DEGREES;
    lng += (Math.sin(heading) * STEP_DEGREES) / 0.65;
    visited.add(latLngToCell(lat, lng, 9));
  }
}

/** Log-distance path loss, exponent 3.2, shadowing of 6 dB. */
function listeners(cell: string, hotspots: readonly FixtureHotspot[], random: () => number): FixtureHeard[] {
  const centre = cellToLatLng(cell);
  const heard = hotspots.map((hotspot) => {
    const distanceM = Math.round(greatCircleDistance([...centre], [...hotspot.centre], 'm'));
    const lossDb = 31.2 + 32 * Math.log10(Math.max(distanceM, 60)) + normal(random) * 6;
    return { hotspot, distanceM, espDdbm: Math.round((14 - lossDb) * 10) };
  });
  return heard.filter(({ espDdbm }) => espDdbm >= SENSITIVITY_DDBM).sort((a, b) => b.espDdbm - a.espDdbm);
}

/** Coverage of the first `count` hexagons. */
export const coverageRows = ({ hexes }: FixtureWorld, count: number, lastSeenMs: number): CoverageRow[] =>
  hexes.slice(0, count).map((hex) => coverageRow(hex, lastSeenMs));

function coverageRow({ cell, heardBy }: FixtureHex, lastSeenMs: number): CoverageRow {
  return {
    cell: BigInt(`0x${cell}`),
    state: heardBy.length > 0 ? 'covered' : 'surveyed_not_covered',
    bestEspDdbm: heardBy[0]?.espDdbm,
    witnesses: heardBy.length,
    lastSeenMs,
  };
}
