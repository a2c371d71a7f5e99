import type { Boundary, HexView, HexWitness, HotspotSummary } from '@sextant/oracle/api';
import type { Feature, FeatureCollection } from 'geojson';
import { middle, polygon } from '../layers/geometry.ts';
import type { OverlaySource } from '../layers/overlay-layers.ts';
import type { Theme } from '../layers/palette.ts';
import { type AppState, type HotspotDetail, themeOf } from '../state/app-state.ts';
import { locationOverlays } from './location-overlay.ts';

/** What the map has to show, worked out from the state. Parts that have not changed keep their identity. */
export interface MapScene {
  readonly theme: Theme;
  /** Whose tiles: an epoch's number or `live`. */
  readonly coverage: string;
  readonly dimmed: boolean;
  readonly selected: boolean;
  readonly overlays: Readonly<Record<Exclude<OverlaySource, 'flash'>, FeatureCollection>>;
}

const OVERLAYS = ['footprint', 'region', 'links', 'selected', 'hotspots'] as const;

export const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };

/** Gives the same scene again for a state that changes nothing on the map. */
export function createSceneBuilder(): (state: AppState) => MapScene {
  const hotspots = remembered(hotspotFeatures);
  const details = remembered(detailOverlays);
  let last: MapScene | undefined;
  return (state) => {
    const theme = themeOf(state);
    const coverage = String(state.view.epoch ?? 'live');
    const overlays = { ...details(state.detail), hotspots: hotspots(state.hotspots) };
    const selected = state.detail !== undefined;
    const dimmed = overlays.footprint.features.length > 0;
    const same = OVERLAYS.every((name) => last?.overlays[name] === overlays[name]);
    if (
      last === undefined ||
      !same ||
      last.theme !== theme ||
      last.coverage !== coverage ||
      last.selected !== selected
    ) {
      last = { theme, coverage, dimmed, selected, overlays };
    }
    return last;
  };
}

function remembered<In, Out>(compute: (input: In) => Out): (input: In) => Out {
  let last: { input: In; output: Out } | undefined;
  return (input) => {
    if (last === undefined || last.input !== input) last = { input, output: compute(input) };
    return last.output;
  };
}

function hotspotFeatures(hotspots: ReadonlyMap<string, HotspotSummary>): FeatureCollection {
  const features = [...hotspots.values()].map(
    ({ id, name, status, boundary }): Feature => ({
      type: 'Feature',
      properties: { id, name, status },
      geometry: polygon(boundary),
    }),
  );
  return { type: 'FeatureCollection', features };
}

type DetailOverlays = Record<'footprint' | 'region' | 'links' | 'selected', FeatureCollection>;

function detailOverlays(detail: AppState['detail']): DetailOverlays {
  if (detail?.kind === 'hex' && detail.hex.state === 'ready') return hexOverlays(detail.hex.value);
  if (detail?.kind === 'hotspot') return hotspotOverlays(detail);
  return { footprint: EMPTY, region: EMPTY, links: EMPTY, selected: EMPTY };
}

function hexOverlays({ boundary, heardBy }: HexView): DetailOverlays {
  const from = middle(boundary);
  const links = heardBy.map(
    (witness: HexWitness): Feature => ({
      type: 'Feature',
      properties: {},
      geometry: { type: 'LineString', coordinates: [from, middle(witness.boundary)] },
    }),
  );
  return {
    footprint: EMPTY,
    region: EMPTY,
    links: { type: 'FeatureCollection', features: links },
    selected: outline(boundary),
  };
}

function hotspotOverlays({ hotspot, footprint, location }: HotspotDetail): DetailOverlays {
  const cells = footprint.state === 'ready' ? footprint.value.cells : [];
  const features = cells.map(
    ({ boundary, bestEspDdbm }): Feature => ({
      type: 'Feature',
      properties: { esp: bestEspDdbm },
      geometry: polygon(boundary),
    }),
  );
  return {
    footprint: { type: 'FeatureCollection', features },
    ...(location?.state === 'ready' ? locationOverlays(location.value) : { region: EMPTY, links: EMPTY }),
    selected: hotspot.state === 'ready' ? outline(hotspot.value.boundary) : EMPTY,
  };
}

const outline = (boundary: Boundary): FeatureCollection => ({
  type: 'FeatureCollection',
  features: [{ type: 'Feature', properties: {}, geometry: polygon(boundary) }],
});
