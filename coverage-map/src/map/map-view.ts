import type { Boundary, Bounds, CellText, ParticipantId } from '@sextant/oracle/api';
import {
  type GeoJSONSource,
  type MapGeoJSONFeature,
  Map as MapLibre,
  type PointLike,
  ScaleControl,
  setWorkerUrl,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { polygon } from '../layers/geometry.ts';
import { hatchImage } from '../layers/hatch.ts';
import { cellFromFeatureId } from '../layers/hex-id.ts';
import { HATCH_IMAGE, HEX_HIT_LAYERS } from '../layers/hex-layers.ts';
import { coverageSource, mapStyle } from '../layers/map-style.ts';
import { HOTSPOT_HIT_LAYERS } from '../layers/overlay-layers.ts';
import { MAP_COLOURS } from '../layers/palette.ts';
import type { MapPort } from '../state/map-port.ts';
import type { Camera } from '../state/view-state.ts';
import { mapFonts } from './fonts.ts';
import { HexTooltip, tooltipText } from './hex-tooltip.ts';
import { EMPTY, type MapScene } from './map-scene.ts';

export interface MapViewOptions {
  readonly container: HTMLElement;
  readonly origin: string;
  readonly basemapVersion: string;
  readonly scene: MapScene;
  readonly camera: Camera | undefined;
  readonly reducedMotion: boolean;
  /** Without a camera: the map shows everything there is. */
  readonly onMove: (camera: Camera | undefined, bounds: Bounds) => void;
  readonly onHex: (cell: CellText) => void;
  readonly onHotspot: (id: ParticipantId) => void;
  readonly onNothing: () => void;
  readonly onReady: () => void;
}

/** Where the world is seen before anything is known. */
const WORLD: Camera = { lat: 25, lng: 10, zoom: 1.2 };
const MAX_ZOOM = 16;
const CLOSE_ZOOM = 11.5;
const FADE_MS = 250;
const FLASH_MS = 1_600;
/** A hotspot may be a few pixels wide: a click this near is meant for it. */
const HOTSPOT_REACH_PX = 6;

/** The map on the page. @throws GPUInitializationError when the browser has no WebGL 2 */
export class MapView implements MapPort {
  readonly #options: MapViewOptions;
  readonly #map: MapLibre;
  readonly #tooltip: HexTooltip;
  #scene: MapScene;
  /** What the style has; the scene can be ahead of it while the style is loading. */
  #drawn: MapScene | undefined;
  /** The map shows everything there is, until somebody moves it. */
  #everything: boolean;
  /** The move under way is no such move: it fits everything into view, or the window changes its size. */
  #keepsView = false;
  /** Coverages on the map: while an epoch's tiles are still coming, the one before stays below it. */
  #coverages: readonly string[];

  constructor(options: MapViewOptions) {
    setWorkerUrl(workerUrl);
    this.#options = options;
    this.#scene = options.scene;
    this.#everything = options.camera === undefined;
    this.#coverages = [options.scene.coverage];
    const { lat, lng, zoom } = options.camera ?? WORLD;
    this.#map = new MapLibre({
      container: options.container,
      style: this.#style(),
      center: [lng, lat],
      zoom,
      maxZoom: MAX_ZOOM,
      attributionControl: false,
      dragRotate: false,
      touchPitch: false,
      pitchWithRotate: false,
      fadeDuration: options.reducedMotion ? 0 : FADE_MS,
      locale: { 'Map.Title': 'Coverage map' },
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.keyboard.disableRotation();
    this.#map.addControl(new ScaleControl({ maxWidth: 96 }), 'bottom-right');
    this.#tooltip = new HexTooltip(options.container);
    this.#listen();
    this.#tellMove();
  }

  /** Brings the map to what the scene says. */
  show(scene: MapScene): void {
    this.#scene = scene;
    const before = this.#drawn;
    if (before === undefined || before === scene) return;
    this.#drawn = scene;
    const { theme, coverage, dimmed } = scene;
    if (coverage !== before.coverage) {
      this.#coverages = [...this.#coverages.filter((name) => name !== coverage).slice(-1), coverage];
      this.#dropOldCoverageWhenLoaded(coverage);
    }
    if (theme !== before.theme || coverage !== before.coverage || dimmed !== before.dimmed) {
      this.#map.setStyle(this.#style(), { diff: true });
      if (theme !== before.theme) this.#addHatch();
      return;
    }
    for (const [name, data] of Object.entries(scene.overlays)) {
      if (data !== before.overlays[name as keyof MapScene['overlays']]) void this.#overlay(name)?.setData(data);
    }
  }

  jumpTo({ lat, lng, zoom }: Camera): void {
    this.#map.jumpTo({ center: [lng, lat], zoom });
  }

  fit([west, south, east, north]: Bounds): void {
    const box: [number, number, number, number] = [west, south, east < west ? east + 360 : east, north];
    const padding = this.#padding(this.#scene.selected);
    this.#everything = true;
    this.#keepsView = true;
    this.#map.fitBounds(box, { padding, maxZoom: 13, animate: false });
  }

  flyTo(at: readonly [lng: number, lat: number]): void {
    const zoom = Math.max(this.#map.getZoom(), CLOSE_ZOOM);
    const { top, bottom, left, right } = this.#padding(true);
    const offset: [number, number] = [(left - right) / 2, (top - bottom) / 2];
    this.#map.flyTo({ center: [at[0], at[1]], zoom, offset, animate: !this.#options.reducedMotion });
  }

  zoom(direction: 1 | -1): void {
    if (direction === 1) this.#map.zoomIn({ animate: !this.#options.reducedMotion });
    else this.#map.zoomOut({ animate: !this.#options.reducedMotion });
  }

  refreshCoverage(): void {
    const source = coverageSource('live');
    if (this.#map.getSource(source) !== undefined) this.#map.refreshTiles(source);
  }

  flash(boundaries: readonly Boundary[]): void {
    const flash = this.#overlay('flash');
    if (flash === undefined || this.#options.reducedMotion) return;
    const features = boundaries.map((boundary) => ({
      type: 'Feature' as const,
      properties: {},
      geometry: polygon(boundary),
    }));
    void flash.setData({ type: 'FeatureCollection', features });
    this.#map.setPaintProperty('flash', 'line-opacity-transition', { duration: 0, delay: 0 });
    this.#map.setPaintProperty('flash', 'line-opacity', 1);
    this.#map.once('render', () => {
      this.#map.setPaintProperty('flash', 'line-opacity-transition', { duration: FLASH_MS, delay: 0 });
      this.#map.setPaintProperty('flash', 'line-opacity', 0);
    });
  }

  #style(): ReturnType<typeof mapStyle> {
    const { origin, basemapVersion, reducedMotion } = this.#options;
    return mapStyle({
      theme: this.#scene.theme,
      origin,
      basemapVersion,
      fonts: mapFonts(origin),
      coverages: this.#coverages,
      overlays: { ...this.#scene.overlays, flash: EMPTY },
      dimmed: this.#scene.dimmed,
      transitionMs: reducedMotion ? 0 : FADE_MS,
    });
  }

  #styleLoaded(): void {
    this.#addHatch();
    this.#drawn ??= this.#options.scene;
    this.show(this.#scene);
  }

  #overlay(name: string): GeoJSONSource | undefined {
    return this.#map.getSource<GeoJSONSource>(name);
  }

  #addHatch(): void {
    const image = hatchImage(MAP_COLOURS[this.#scene.theme].hatch);
    if (this.#map.hasImage(HATCH_IMAGE)) this.#map.updateImage(HATCH_IMAGE, image);
    else this.#map.addImage(HATCH_IMAGE, image);
  }

  #dropOldCoverageWhenLoaded(coverage: string): void {
    const settle = (): void => {
      if (this.#scene.coverage !== coverage) this.#map.off('sourcedata', settle);
      else if (this.#map.getSource(coverageSource(coverage)) && this.#map.isSourceLoaded(coverageSource(coverage))) {
        this.#map.off('sourcedata', settle);
        this.#coverages = [coverage];
        this.#map.setStyle(this.#style(), { diff: true });
      }
    };
    this.#map.on('sourcedata', settle);
  }

  #listen(): void {
    const map = this.#map;
    map.on('resize', () => {
      this.#keepsView = true;
    });
    map.on('moveend', () => {
      this.#everything &&= this.#keepsView;
      this.#keepsView = false;
      this.#tellMove();
    });
    map.on('style.load', () => this.#styleLoaded());
    map.once('load', () => this.#options.onReady());
    map.on('click', ({ point }) => this.#clicked(this.#hit(point)));
    map.on('mousemove', ({ point }) => {
      const hit = this.#hit(point);
      map.getCanvas().style.cursor = hit === undefined ? '' : 'pointer';
      if (hit === undefined) this.#tooltip.hide();
      else this.#tooltip.show(tooltipText(hit.properties), point);
    });
    map.on('mouseout', () => this.#tooltip.hide());
    map.on('movestart', () => this.#tooltip.hide());
  }

  #clicked(hit: MapGeoJSONFeature | undefined): void {
    if (hit === undefined) this.#options.onNothing();
    else if (hit.source === 'hotspots') this.#options.onHotspot(String(hit.properties['id']));
    else if (typeof hit.id === 'number') this.#options.onHex(cellFromFeatureId(hit.id));
  }

  #hit({ x, y }: { x: number; y: number }): MapGeoJSONFeature | undefined {
    const near: [PointLike, PointLike] = [
      [x - HOTSPOT_REACH_PX, y - HOTSPOT_REACH_PX],
      [x + HOTSPOT_REACH_PX, y + HOTSPOT_REACH_PX],
    ];
    const hexes = HEX_HIT_LAYERS.map((layer) => `${layer}@${coverageSource(this.#scene.coverage)}`);
    const [hotspot] = this.#query(near, HOTSPOT_HIT_LAYERS);
    return hotspot ?? this.#query([x, y], hexes)[0];
  }

  #query(place: PointLike | [PointLike, PointLike], layers: readonly string[]): MapGeoJSONFeature[] {
    const present = layers.filter((layer) => this.#map.getLayer(layer) !== undefined);
    return present.length === 0 ? [] : this.#map.queryRenderedFeatures(place, { layers: present });
  }

  #tellMove(): void {
    const { lng, lat } = this.#map.getCenter();
    const box = this.#map.getBounds();
    const whole = box.getEast() - box.getWest() >= 360;
    this.#options.onMove(this.#everything ? undefined : { lat, lng, zoom: this.#map.getZoom() }, [
      whole ? -180 : wrap(box.getWest()),
      Math.max(-90, box.getSouth()),
      whole ? 180 : wrap(box.getEast()),
      Math.min(90, box.getNorth()),
    ]);
  }

  /** What panels cover is not to hide what is looked at; there is one more when something is selected. */
  #padding(selected: boolean): { top: number; bottom: number; left: number; right: number } {
    const { clientWidth, clientHeight } = this.#options.container;
    const narrow = clientWidth < 720;
    return narrow
      ? { top: 120, bottom: Math.round(clientHeight * 0.3), left: 24, right: 24 }
      : {
          top: 96,
          bottom: 72,
          left: Math.min(400, clientWidth * 0.34),
          right: selected ? Math.min(420, clientWidth * 0.34) : 72,
        };
  }
}

const wrap = (lng: number): number => lng - 360 * Math.round(lng / 360);
