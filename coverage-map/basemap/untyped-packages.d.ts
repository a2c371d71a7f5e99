declare module 'd3-geo' {
  interface GeoProjection {
    scale(value: number): GeoProjection;
    translate(value: [number, number]): GeoProjection;
    reflectY(value: boolean): GeoProjection;
    precision(value: number): GeoProjection;
  }
  export function geoEquirectangular(): GeoProjection;
  export type { GeoProjection };
}

declare module 'd3-geo-projection' {
  import type { GeoProjection } from 'd3-geo';
  import type { FeatureCollection } from 'geojson';
  export function geoProject(object: FeatureCollection, projection: GeoProjection): FeatureCollection;
}

declare module 'topojson-client' {
  import type { FeatureCollection, MultiLineString } from 'geojson';

  interface TopologyObject {
    type: 'GeometryCollection';
    geometries: { id?: string; properties?: Record<string, unknown> }[];
  }
  interface Topology {
    objects: Record<string, TopologyObject>;
  }
  export function feature(topology: Topology, object: TopologyObject): FeatureCollection;
  export function mesh(
    topology: Topology,
    object: TopologyObject,
    filter: (a: unknown, b: unknown) => boolean,
  ): MultiLineString;
  export type { Topology };
}
