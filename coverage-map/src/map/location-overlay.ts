import type { LocationView, PlaceLinkView } from '@sextant/oracle/api';
import type { Feature, FeatureCollection } from 'geojson';
import { middle, polygon } from '../layers/geometry.ts';
import { residualClass } from '../words/residuals.ts';

/** Where a hotspot can be, and its links by how well they fit the asserted place. */
export function locationOverlays(location: LocationView): Record<'region' | 'links', FeatureCollection> {
  const { boundary, region, likeliest, links } = location;
  const from = middle(boundary);
  const cells = region.map((cell) => cellFeature(cell, 'region'));
  const best = likeliest ? [cellFeature(likeliest, 'likeliest')] : [];
  return {
    region: { type: 'FeatureCollection', features: [...cells, ...best] },
    links: { type: 'FeatureCollection', features: links.map((link) => linkFeature(link, from, location)) },
  };
}

const cellFeature = ({ boundary }: Pick<LocationView, 'boundary'>, part: 'region' | 'likeliest'): Feature => ({
  type: 'Feature',
  properties: { part },
  geometry: polygon(boundary),
});

const linkFeature = (link: PlaceLinkView, from: [number, number], location: LocationView): Feature => ({
  type: 'Feature',
  properties: { residual: residualClass(link, location) },
  geometry: { type: 'LineString', coordinates: [from, middle(link.boundary)] },
});
