import { GPUInitializationError } from 'maplibre-gl';
import type { App } from '../state/app.ts';
import type { AppState } from '../state/app-state.ts';
import type { Store } from '../state/store.ts';
import type { MapScene } from './map-scene.ts';
import { MapView } from './map-view.ts';

/** Set by the build: changes whenever the basemap does. */
declare const BASEMAP_VERSION: string;

/** The map, or undefined when the browser cannot draw one; the lists work without it. */
export function createMap(
  container: HTMLElement,
  scene: MapScene,
  store: Store<AppState>,
  app: App,
): MapView | undefined {
  try {
    return new MapView({
      container,
      origin: location.origin,
      basemapVersion: BASEMAP_VERSION,
      scene,
      camera: store.state.view.camera,
      reducedMotion: matchMedia('(prefers-reduced-motion: reduce)').matches,
      onMove: (camera, bounds) => app.moved(camera, bounds),
      onHex: (cell) => app.select({ kind: 'hex', cell }),
      onHotspot: (id) => app.select({ kind: 'hotspot', id }),
      onNothing: () => {
        if (store.state.view.selection !== undefined) app.select(undefined);
      },
      onReady: () => store.update({ map: 'ready' }),
    });
  } catch (error) {
    if (!(error instanceof GPUInitializationError)) throw error;
    store.update({ map: 'unsupported' });
    return undefined;
  }
}
