import type { HotspotView, Page, VerdictView } from '@sextant/oracle/api';
import type { ApiClient } from '../api/api-client.ts';
import { type AppState, failed, type HotspotDetail, LOADING, type Loaded, ready } from './app-state.ts';
import type { Store } from './store.ts';
import type { Selection } from './view-state.ts';

const VERDICTS_PER_PAGE = 20;
const REWARD_EPOCHS = 12;

/** Fetches what the panel of the selected hexagon or hotspot shows, and drops answers that come after another was selected. */
export class Details {
  readonly #store: Store<AppState>;
  readonly #api: ApiClient;
  #abort = new AbortController();

  constructor(modules: { readonly store: Store<AppState>; readonly api: ApiClient }) {
    this.#store = modules.store;
    this.#api = modules.api;
  }

  /** Shows an empty panel for the selection and starts fetching; without one it closes the panel. */
  load(selection: Selection | undefined, epoch: number | undefined): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    if (selection === undefined) this.#store.update({ detail: undefined });
    else if (selection.kind === 'hex') {
      this.#store.update({ detail: { kind: 'hex', cell: selection.cell, hex: LOADING } });
      this.refreshHex(epoch);
    } else if (selection.kind === 'owner') this.#store.update({ detail: { kind: 'owner' } });
    else this.#loadHotspot(selection.id);
  }

  /** Fetches the hexagon again, showing the old numbers until the new ones are here. */
  refreshHex(epoch: number | undefined): void {
    const { detail } = this.#store.state;
    if (detail?.kind !== 'hex') return;
    void this.#settle(this.#api.hex(detail.cell, epoch, this.#abort.signal), (hex) => {
      this.#store.update({ detail: { ...detail, hex } });
    });
  }

  /** Rewards and footprint change with every epoch. */
  refreshRewards(): void {
    const { detail } = this.#store.state;
    if (detail?.kind !== 'hotspot') return;
    const { signal } = this.#abort;
    void this.#settle(this.#api.rewards(detail.id, REWARD_EPOCHS, signal), (rewards) => this.#patch({ rewards }));
    void this.#settle(this.#api.hotspot(detail.id, signal), (hotspot) => this.#showHotspot(detail.id, hotspot));
  }

  moreVerdicts(): void {
    const { detail } = this.#store.state;
    if (detail?.kind !== 'hotspot' || detail.verdicts.state !== 'ready') return;
    const { next } = detail.verdicts.value;
    if (next === undefined) return;
    void this.#settle(this.#api.verdicts(detail.id, next, VERDICTS_PER_PAGE, this.#abort.signal), (page) => {
      this.#patch({ verdicts: joined(this.#shownVerdicts(), page) });
    });
  }

  #loadHotspot(id: string): void {
    const { signal } = this.#abort;
    this.#store.update({
      detail: { kind: 'hotspot', id, hotspot: LOADING, verdicts: LOADING, rewards: LOADING, footprint: LOADING },
    });
    void this.#settle(this.#api.hotspot(id, signal), (hotspot) => this.#showHotspot(id, hotspot));
    void this.#settle(this.#api.verdicts(id, undefined, VERDICTS_PER_PAGE, signal), (verdicts) =>
      this.#patch({ verdicts }),
    );
    void this.#settle(this.#api.rewards(id, REWARD_EPOCHS, signal), (rewards) => this.#patch({ rewards }));
    void this.#settle(this.#api.footprint(id, signal), (footprint) => this.#patch({ footprint }));
  }

  /** Whether its place is judged stands in the hotspot itself: under rule set 1 nobody asks. */
  #showHotspot(id: string, hotspot: Loaded<HotspotView>): void {
    this.#patch({ hotspot });
    if (hotspot.state !== 'ready' || hotspot.value.location === undefined) return;
    void this.#settle(this.#api.location(id, this.#abort.signal), (location) => this.#patch({ location }));
  }

  #shownVerdicts(): Loaded<Page<VerdictView>> {
    const { detail } = this.#store.state;
    return detail?.kind === 'hotspot' ? detail.verdicts : LOADING;
  }

  #patch(change: Partial<HotspotDetail>): void {
    const { detail } = this.#store.state;
    if (detail?.kind === 'hotspot') this.#store.update({ detail: { ...detail, ...change } });
  }

  async #settle<Value>(answer: Promise<Value>, show: (loaded: Loaded<Value>) => void): Promise<void> {
    const { signal } = this.#abort;
    const loaded = await answer.then(ready, failed);
    if (!signal.aborted) show(loaded);
  }
}

function joined(shown: Loaded<Page<VerdictView>>, page: Loaded<Page<VerdictView>>): Loaded<Page<VerdictView>> {
  if (shown.state !== 'ready' || page.state !== 'ready') return page;
  const known = new Set(shown.value.items.map(({ reportId }) => reportId));
  const items = [...shown.value.items, ...page.value.items.filter(({ reportId }) => !known.has(reportId))];
  return ready({ ...page.value, items });
}
