import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Actions } from '../state/actions.ts';
import type { AppState } from '../state/app-state.ts';
import { formatCount } from '../words/quantities.ts';
import type { detailPanel } from './detail.ts';
import { header } from './header.ts';
import { chevronIcon, closeIcon, everythingIcon, minusIcon, plusIcon } from './icons.ts';
import { legend } from './legend.ts';
import { lists } from './lists.ts';

/** What comes after the first paint, once it is there. */
export interface LaterPanels {
  readonly detail?: typeof detailPanel;
  readonly rewards?: (state: AppState) => TemplateResult;
}

/** Everything on the page but the map: the same state gives the same page. */
export function page(state: AppState, actions: Actions, later: LaterPanels): TemplateResult {
  return html`${header(state, actions)} ${epochNotice(state, actions)}
    <div class="sheet card ${state.sheetOpen ? 'open' : ''}">
      <button
        class="sheet-handle"
        aria-expanded=${state.sheetOpen}
        aria-label=${state.sheetOpen ? 'Make the panel small' : 'Make the panel large'}
        @click=${() => actions.toggleSheet()}
      >
        ${chevronIcon()}
      </button>
      ${detail(state, actions, later)}
      <aside class="lists" aria-label="Verdicts, hotspots and epochs">${lists(state, actions)}</aside>
    </div>
    ${legend(state)} ${controls(state, actions)} ${credits()}
    <p class="hidden" aria-live="polite">${state.announcement}</p>`;
}

function detail(state: AppState, actions: Actions, later: LaterPanels): TemplateResult | typeof nothing {
  const { detail: shown } = state;
  if (shown === undefined) return nothing;
  const close = (): void => actions.select(undefined);
  return html`<section class="detail" aria-label="Selection" @keydown=${(event: KeyboardEvent) => event.key === 'Escape' && close()}>
    <button class="round-button close" aria-label="Close" @click=${close}>${closeIcon()}</button>
    ${shown.kind === 'owner' ? later.rewards?.(state) : later.detail?.(shown, state, actions)}
  </section>`;
}

/** Said plainly, so that nobody takes the past for the present. */
function epochNotice({ view }: AppState, actions: Actions): TemplateResult | typeof nothing {
  if (view.epoch === undefined) return nothing;
  return html`<section class="notice card" aria-label="Epoch shown">
    <p>Coverage as epoch ${formatCount(view.epoch)} closed</p>
    <button class="link" @click=${() => actions.showEpoch(undefined)}>Back to live</button>
  </section>`;
}

function controls({ map }: AppState, actions: Actions): TemplateResult {
  if (map === 'unsupported') {
    return html`<section class="notice card" aria-label="Map">
      <p>This browser has no WebGL 2, so it cannot draw the map. The lists say the same.</p>
    </section>`;
  }
  return html`<nav class="controls card" aria-label="Map">
    <button class="round-button" aria-label="Zoom in" @click=${() => actions.zoom(1)}>${plusIcon()}</button>
    <button class="round-button" aria-label="Zoom out" @click=${() => actions.zoom(-1)}>${minusIcon()}</button>
    <button class="round-button" aria-label="Show the whole network" @click=${() => actions.showEverything()}>
      ${everythingIcon()}
    </button>
  </nav>`;
}

const credits = (): TemplateResult =>
  html`<footer class="credits">
    <a href="https://www.naturalearthdata.com">Natural Earth</a> · <a href="https://www.geonames.org">GeoNames</a>
    <a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a> · <a href="https://maplibre.org">MapLibre</a>
  </footer>`;
