import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Actions } from '../state/actions.ts';
import type { AppState } from '../state/app-state.ts';
import { LISTS, type ListName } from '../state/view-state.ts';
import { epochList } from './epoch-list.ts';
import { hotspotList } from './hotspot-list.ts';
import { liveList } from './live-list.ts';

const TITLES: Readonly<Record<ListName, string>> = { live: 'Live', hotspots: 'Hotspots', epochs: 'Epochs' };
const CONTENTS: Readonly<Record<ListName, (state: AppState, actions: Actions) => TemplateResult>> = {
  live: liveList,
  hotspots: hotspotList,
  epochs: epochList,
};

/** The three lists behind their tabs. */
export function lists(state: AppState, actions: Actions): TemplateResult {
  const shown = state.view.list;
  return html`<div class="tabs" role="tablist" aria-label="Lists" @keydown=${(event: KeyboardEvent) => turn(event, shown, actions)}>
      ${LISTS.map(
        (name) => html`<button
          role="tab"
          id="tab-${name}"
          aria-selected=${name === shown}
          aria-controls="list"
          tabindex=${name === shown ? 0 : -1}
          @click=${() => actions.showList(name)}
        >
          ${TITLES[name]}
        </button>`,
      )}
    </div>
    <div class="list" role="tabpanel" id="list" aria-labelledby="tab-${shown}" tabindex="0">
      ${CONTENTS[shown](state, actions) ?? nothing}
    </div>`;
}

/** Arrow keys, Home and End move between tabs, as readers of the ARIA tab pattern expect. */
function turn(event: KeyboardEvent, shown: ListName, actions: Actions): void {
  const at = LISTS.indexOf(shown);
  const target = {
    ArrowRight: at + 1,
    ArrowLeft: at - 1 + LISTS.length,
    Home: 0,
    End: LISTS.length - 1,
  }[event.key];
  const name = target === undefined ? undefined : LISTS[target % LISTS.length];
  if (name === undefined) return;
  event.preventDefault();
  actions.showList(name);
  document.getElementById(`tab-${name}`)?.focus();
}
