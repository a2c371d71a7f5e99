import type { Bounds, HotspotSummary } from '@sextant/oracle/api';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { middle } from '../layers/geometry.ts';
import type { Actions } from '../state/actions.ts';
import type { AppState } from '../state/app-state.ts';
import { counted, formatCount } from '../words/quantities.ts';
import { hexagonIcon } from './icons.ts';

const MAX_ROWS = 200;

/** The hotspots in view, by name: the way to them without a pointer. */
export function hotspotList({ hotspots, bounds, hotspotsCut, view }: AppState, actions: Actions): TemplateResult {
  const inView = [...hotspots.values()].filter((hotspot) => bounds === undefined || isIn(hotspot, bounds));
  inView.sort((a, b) => (a.name < b.name ? -1 : 1));
  if (inView.length === 0) {
    return html`<div class="empty">
      <p><strong>No hotspots in view</strong></p>
      <p><button class="link" @click=${() => actions.showEverything()}>Show the whole network</button></p>
    </div>`;
  }
  const more = inView.length > MAX_ROWS || hotspotsCut;
  const selected = view.selection?.kind === 'hotspot' ? view.selection.id : '';
  return html`<p class="muted list-note">${counted(inView.length, 'hotspot')} in view</p>
    <ul class="rows">
      ${inView.slice(0, MAX_ROWS).map((hotspot) => html`<li>${hotspotRow(hotspot, hotspot.id === selected, actions)}</li>`)}
    </ul>
    ${more ? html`<p class="muted list-note">Zoom in to see the others.</p>` : nothing}`;
}

function hotspotRow(
  { id, name, status, outcomes, boundary }: HotspotSummary,
  selected: boolean,
  actions: Actions,
): TemplateResult {
  const total = outcomes.valid + outcomes.invalid + outcomes.insufficient;
  const share =
    total === 0 ? 'no verdicts yet' : `${formatCount(outcomes.valid)} of ${counted(total, 'verdict')} valid`;
  return html`<button
    class="row"
    aria-current=${selected ? 'true' : nothing}
    @click=${() => actions.visit({ kind: 'hotspot', id }, boundary)}
  >
    ${hexagonIcon(`hotspot-${status}`)}
    <span class="row-main">
      <span class="row-title">${name}</span>
      <span class="row-note">${status === 'active' ? '' : `${status}, `}${share}</span>
    </span>
  </button>`;
}

function isIn({ boundary }: HotspotSummary, [west, south, east, north]: Bounds): boolean {
  const [lng, lat] = middle(boundary);
  const inLongitude = west <= east ? lng >= west && lng <= east : lng >= west || lng <= east;
  return inLongitude && lat >= south && lat <= north;
}
