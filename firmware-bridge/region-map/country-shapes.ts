import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A ring of [longitude, latitude] in degrees, not closed across the antimeridian: longitudes run on past ±180. */
export type Ring = readonly (readonly [number, number])[];

export interface CountryShape {
  /** ISO 3166-1 numeric; places without one (Kosovo, disputed islands) have no shape here. */
  readonly id: string;
  readonly polygons: readonly (readonly Ring[])[];
}

interface Topology {
  readonly transform: { readonly scale: [number, number]; readonly translate: [number, number] };
  readonly arcs: readonly (readonly [number, number][])[];
  readonly objects: { readonly countries: { readonly geometries: readonly Geometry[] } };
}

type Geometry = { readonly id?: string } & (
  | { readonly type: 'Polygon'; readonly arcs: readonly (readonly number[])[] }
  | { readonly type: 'MultiPolygon'; readonly arcs: readonly (readonly (readonly number[])[])[] }
);

/** Country borders of Natural Earth 1:10m (public domain), as npm's world-atlas carries them in TopoJSON. */
export function readCountryShapes(): CountryShape[] {
  const path = createRequire(import.meta.url).resolve('world-atlas/countries-10m.json');
  const topology = JSON.parse(readFileSync(path, 'utf8')) as Topology;
  const arcs = topology.arcs.map((arc) => decodeArc(arc, topology.transform));
  return topology.objects.countries.geometries.flatMap((geometry) => {
    if (geometry.id === undefined) return [];
    const polygons = geometry.type === 'Polygon' ? [geometry.arcs] : geometry.arcs;
    const shape = polygons.map((rings) => rings.map((ring) => unwrap(joinArcs(ring, arcs))));
    return [{ id: geometry.id, polygons: shape }];
  });
}

/** TopoJSON's quantised differences → degrees. */
function decodeArc(arc: readonly [number, number][], { scale, translate }: Topology['transform']): Ring {
  let x = 0;
  let y = 0;
  return arc.map(([dx, dy]) => {
    x += dx;
    y += dy;
    return [x * scale[0] + translate[0], y * scale[1] + translate[1]] as const;
  });
}

/** A negative index is the arc backwards; the end of each is the start of the next. */
function joinArcs(indices: readonly number[], arcs: readonly Ring[]): Ring {
  return indices.flatMap((index) => {
    const arc = index < 0 ? (arcs[~index] ?? []).toReversed() : (arcs[index] ?? []);
    return arc.slice(0, -1);
  });
}

function unwrap(ring: Ring): Ring {
  let turns = 0;
  let previous = ring[0]?.[0] ?? 0;
  return ring.map(([longitude, latitude]) => {
    if (longitude - previous > 180) turns--;
    if (longitude - previous < -180) turns++;
    previous = longitude;
    return [longitude + 360 * turns, latitude] as const;
  });
}
