import type { Boundary, Bounds } from '@sextant/oracle/api';
import type { Theme } from '../layers/palette.ts';
import type { Camera, ListName, Selection } from './view-state.ts';

/** Everything a visitor can do. */
export interface Actions {
  /** `replaceState`: not a step that one goes back over. */
  select(selection: Selection | undefined, how?: 'pushState' | 'replaceState'): void;
  /** Selects it and moves the map there, as far as its place is known. */
  visit(selection: Selection, boundary?: Boundary): void;
  /** Undefined = live. */
  showEpoch(epoch: number | undefined): void;
  showList(list: ListName): void;
  setTheme(theme: Theme): void;
  toggleSheet(): void;
  zoom(direction: 1 | -1): void;
  showEverything(): void;
  /** Without a camera: the map shows everything there is. */
  moved(camera: Camera | undefined, bounds: Bounds): void;
  moreVerdicts(): void;
  moreEpochs(): void;
  copy(text: string): void;
  retry(): void;
}
