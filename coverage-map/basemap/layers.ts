import type { Feature, FeatureCollection, Geometry } from 'geojson';
import { feature, mesh, type Topology } from 'topojson-client';
import type { BasemapInputs, City } from './inputs.ts';
import { flatLand } from './land.ts';

/** One layer of the basemap's tiles. */
export interface BasemapLayer {
  readonly name: string;
  readonly features: Feature[];
  /** From which zoom on it is in the tiles; a feature may have its own in the property `minzoom`, which is not written. */
  readonly minZoom: number;
  /** Deviation from the true line that simplification may cause, in 1/4096 of a tile. */
  readonly tolerance: number;
  /** How far lines and areas go beyond their tile, in 1/4096 of it. */
  readonly buffer: number;
}

/** Everything that is drawn under the coverage, in drawing order. */
export function basemapLayers(inputs: BasemapInputs): BasemapLayer[] {
  const { details } = inputs;
  const line = { tolerance: 4, buffer: 32 };
  return [
    { name: 'land', features: [flatLand(inputs.land)], minZoom: 0, ...line },
    { name: 'lakes', features: objectFeatures(details, 'lakes'), minZoom: 1, ...line },
    { name: 'rivers', features: objectFeatures(details, 'rivers'), minZoom: 3, ...line },
    { name: 'states', features: sharedBorders(details, 'subunits'), minZoom: 3, ...line },
    { name: 'borders', features: sharedBorders(details, 'countries'), minZoom: 1, ...line },
    { name: 'countries', features: countryLabels(inputs), minZoom: 1, tolerance: 0, buffer: 0 },
    { name: 'places', features: placeLabels(inputs.cities), minZoom: 2, tolerance: 0, buffer: 0 },
  ];
}

const bare = (geometry: Geometry): Feature => ({ type: 'Feature', properties: {}, geometry });

function getObject(topology: Topology, name: string): Topology['objects'][string] {
  const object = topology.objects[name];
  if (object === undefined) throw new Error(`The basemap data has no object "${name}"`);
  return object;
}

function objectFeatures(topology: Topology, name: string): Feature[] {
  const collection: FeatureCollection<Geometry | null> = feature(topology, getObject(topology, name));
  return collection.features.flatMap(({ geometry }) => (geometry === null ? [] : [bare(geometry)]));
}

/** Lines between two areas; coasts are not among them. */
function sharedBorders(topology: Topology, name: string): Feature[] {
  return [bare(mesh(topology, getObject(topology, name), (a, b) => a !== b))];
}

/** Countries by size: the largest twelve from zoom 1 on, all from zoom 5. */
const COUNTRY_RANKS = [
  { upTo: 12, minzoom: 1 },
  { upTo: 45, minzoom: 2 },
  { upTo: 110, minzoom: 3 },
  { upTo: 170, minzoom: 4 },
  { upTo: Number.POSITIVE_INFINITY, minzoom: 5 },
] as const;

function countryLabels({ details, names }: BasemapInputs): Feature[] {
  const nameOf = new Map(
    getObject(names, 'countries').geometries.map(({ properties }) => [properties?.['a3'], properties?.['name']]),
  );
  const { features } = feature(details, getObject(details, 'countries'));
  const sized = features
    .map((country) => ({ country, size: roughSize(country.geometry) }))
    .sort((a, b) => b.size - a.size);
  return sized.flatMap(({ country }, rank) => {
    const name = nameOf.get(country.id);
    const centre = country.properties?.['ct'] as [number, number] | undefined;
    if (typeof name !== 'string' || centre === undefined) return [];
    const minzoom = COUNTRY_RANKS.find(({ upTo }) => rank < upTo)?.minzoom ?? 5;
    return [{ type: 'Feature', properties: { name, rank, minzoom }, geometry: { type: 'Point', coordinates: centre } }];
  });
}

/** Square degrees shrunk towards the poles: good enough to order countries by. */
function roughSize(geometry: Geometry | null): number {
  const polygons =
    geometry?.type === 'Polygon'
      ? [geometry.coordinates]
      : geometry?.type === 'MultiPolygon'
        ? geometry.coordinates
        : [];
  return polygons.reduce((sum, [ring = []]) => {
    let double = 0;
    for (const [index, [x1 = 0, y1 = 0]] of ring.entries()) {
      const [x2 = 0, y2 = 0] = ring[(index + 1) % ring.length] ?? [];
      double += (x1 * y2 - x2 * y1) * Math.cos((((y1 + y2) / 2) * Math.PI) / 180);
    }
    return sum + Math.abs(double) / 2;
  }, 0);
}

/** From which zoom a place of so many people is in the tiles; smaller ones are left out. */
const PLACE_RANKS = [
  { population: 4_000_000, minzoom: 2 },
  { population: 1_000_000, minzoom: 3 },
  { population: 300_000, minzoom: 4 },
  { population: 80_000, minzoom: 5 },
  { population: 4_000, minzoom: 6 },
] as const;

/** Largest first, so that a label that comes first is the more important one. `rank` is log2 of the population. */
function placeLabels(cities: readonly City[]): Feature[] {
  return cities
    .filter(({ population }) => population >= 4_000)
    .sort((a, b) => b.population - a.population || (a.name < b.name ? -1 : 1))
    .map(({ name, population, featureCode, loc }) => {
      const capital = featureCode === 'PPLC';
      const minzoom = PLACE_RANKS.find((rank) => population >= rank.population)?.minzoom ?? 6;
      return {
        type: 'Feature',
        properties: {
          name,
          rank: Math.floor(Math.log2(population)),
          ...(capital ? { capital: 1 } : {}),
          minzoom: capital ? Math.min(minzoom, 4) : minzoom,
        },
        geometry: { type: 'Point', coordinates: [...loc.coordinates] },
      };
    });
}
