import type { Boundary, Bounds } from '@sextant/oracle/api';
import type { Camera } from './view-state.ts';

/** What the app asks of the map, apart from showing its state. */
export interface MapPort {
  jumpTo(camera: Camera): void;
  fit(bounds: Bounds): void;
  /** Moves there, closer when the view is so wide that a hexagon could not be seen. */
  flyTo(at: readonly [lng: number, lat: number]): void;
  zoom(direction: 1 | -1): void;
  /** Asks for the live tiles again. */
  refreshCoverage(): void;
  /** Lights up outlines for a moment. */
  flash(boundaries: readonly Boundary[]): void;
}
