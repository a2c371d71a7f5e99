import { geoEquirectangular } from 'd3-geo';
import { geoProject } from 'd3-geo-projection';
import type { Feature, FeatureCollection, MultiPolygon, Position } from 'geojson';
import { feature, type Topology } from 'topojson-client';

type Ring = Position[];

/**
 * The land of the world on a flat map. The source is stitched for the sphere: drawn as it is, its rings run across the whole map
 * at the antimeridian. So it is cut there by a projection onto longitude and latitude; that turns the Caspian Sea into a
 * polygon of its own, and rings of such orientation are put back as holes of the ring they lie in.
 */
export function flatLand(land: Topology): Feature<MultiPolygon> {
  const object = land.objects['land'];
  if (object === undefined) throw new Error('The land data has no object "land"');
  const degrees = geoEquirectangular()
    .scale(180 / Math.PI)
    .translate([0, 0])
    .reflectY(true)
    .precision(0);
  return {
    type: 'Feature',
    properties: {},
    geometry: { type: 'MultiPolygon', coordinates: regroup(rings(geoProject(feature(land, object), degrees))) },
  };
}

function rings(collection: FeatureCollection): Ring[] {
  return collection.features.flatMap(({ geometry }) => {
    if (geometry.type === 'Polygon') return geometry.coordinates;
    return geometry.type === 'MultiPolygon' ? geometry.coordinates.flat() : [];
  });
}

/** Smaller than this, square degrees, a ring is a leftover of the cut. */
const MIN_AREA = 1e-6;

/** Clockwise rings become polygons, the others holes in the smallest of them that holds them; then RFC 7946 order for all. */
export function regroup(all: readonly Ring[]): Ring[][] {
  const measured = all
    .map((ring) => ({ ring, area: signedArea(ring) }))
    .filter(({ area }) => Math.abs(area) > MIN_AREA);
  const outer = measured.filter(({ area }) => area < 0).sort((a, b) => b.area - a.area);
  const polygons = new Map(outer.map(({ ring }) => [ring, [ring.toReversed()]]));
  for (const { ring } of measured.filter(({ area }) => area > 0)) {
    const [corner] = ring;
    const home = outer.find((candidate) => corner !== undefined && contains(candidate.ring, corner));
    if (home !== undefined) polygons.get(home.ring)?.push(ring.toReversed());
  }
  return [...polygons.values()];
}

/** Square degrees; positive = anticlockwise with y upwards. */
function signedArea(ring: Ring): number {
  let double = 0;
  for (let index = 0; index < ring.length - 1; index += 1) {
    const [x1 = 0, y1 = 0] = ring[index] ?? [];
    const [x2 = 0, y2 = 0] = ring[index + 1] ?? [];
    double += x1 * y2 - x2 * y1;
  }
  return double / 2;
}

/** Even–odd rule. */
function contains(ring: Ring, [x = 0, y = 0]: Position): boolean {
  let inside = false;
  for (let index = 0; index < ring.length - 1; index += 1) {
    const [x1 = 0, y1 = 0] = ring[index] ?? [];
    const [x2 = 0, y2 = 0] = ring[index + 1] ?? [];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}
