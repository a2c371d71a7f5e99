import type { TemplateResult } from 'lit/html.js';
import type { Actions } from '../state/actions.ts';
import type { AppState, HexDetail, HotspotDetail } from '../state/app-state.ts';
import { hexPanel } from './hex-panel.ts';
import { hotspotPanel } from './hotspot-panel.ts';

/** What is known of the selected hexagon or hotspot. */
export function detailPanel(detail: HexDetail | HotspotDetail, state: AppState, actions: Actions): TemplateResult {
  return detail.kind === 'hex' ? hexPanel(detail, state, actions) : hotspotPanel(detail, state, actions);
}
