import type { Boundary, Bounds, LiveEventName, LiveEvents, NetworkView } from '@sextant/oracle/api';
import type { ApiClient } from '../api/api-client.ts';
import { middle } from '../layers/geometry.ts';
import { liesIn } from '../layers/hex-id.ts';
import type { Theme } from '../layers/palette.ts';
import { counted, formatTokens } from '../words/quantities.ts';
import type { Actions } from './actions.ts';
import { type AppState, failed, LOADING, ready } from './app-state.ts';
import type { Details } from './details.ts';
import { liveUpdate } from './live-updates.ts';
import type { MapPort } from './map-port.ts';
import type { Store } from './store.ts';
import { type Camera, formatView, type ListName, parseView, type Selection, type ViewState } from './view-state.ts';

export interface AppModules {
  readonly store: Store<AppState>;
  readonly api: ApiClient;
  readonly details: Details;
  /** Milliseconds since 1970 by the computer's own clock. */
  readonly now: () => number;
  readonly history: Pick<History, 'pushState' | 'replaceState'>;
  readonly copyText: (text: string) => Promise<void>;
  /** Runs `job` after a while, once, however often it is asked for meanwhile. */
  readonly later: (name: string, ms: number, job: () => void) => void;
}

const HOTSPOTS_PER_VIEW = 1000;
const EPOCHS_PER_PAGE = 30;
const COVERAGE_REFRESH_MS = 700;
const HEX_REFRESH_MS = 1_500;
const MOVE_SETTLED_MS = 250;
const FIT_MS = 1_000;
const COPIED_MS = 2_000;

/** Asked for until the map says what it shows. */
const WORLD: Bounds = [-180, -90, 180, 90];

/** Answers what the visitor does and what the network tells. */
export class App implements Actions {
  readonly #modules: AppModules;
  #map: MapPort | undefined;
  #clockOffsetMs = 0;
  #flashes: LiveEvents['hex']['boundary'][] = [];
  #hotspotsAbort = new AbortController();

  constructor(modules: AppModules) {
    this.#modules = modules;
  }

  get #state(): AppState {
    return this.#modules.store.state;
  }

  /** Fetches everything there is to show. */
  begin(): void {
    this.#load();
    this.#modules.details.load(this.#state.view.selection, this.#state.view.epoch);
  }

  #load(): void {
    const { api, store } = this.#modules;
    void Promise.all([
      api.network().then(
        (network) => this.#gotNetwork(network),
        (error: unknown) => store.update({ network: failed(error) }),
      ),
      api.epochs(undefined, EPOCHS_PER_PAGE).then(
        (page) => store.update({ epochs: ready(page) }),
        (error: unknown) => store.update({ epochs: failed(error) }),
      ),
      this.#loadHotspots(),
      this.#loadEpoch(),
    ]);
  }

  /** The map is there. */
  attachMap(map: MapPort): void {
    this.#map = map;
    this.#followEverything();
  }

  connected(connection: AppState['connection']): void {
    const before = this.#state.connection;
    this.#modules.store.update({ connection });
    if (before === 'live' && connection === 'interrupted') this.#announce('The live connection is lost.');
    if (before === 'interrupted' && connection === 'live') this.#announce('The live connection is back.');
  }

  tick(): void {
    this.#modules.store.update({ nowMs: this.#modules.now() + this.#clockOffsetMs });
  }

  /** The visitor went back or forward. */
  navigated(query: string): void {
    const before = this.#state.view;
    const view = parseView(query);
    this.#modules.store.update({ view });
    if (view.camera === undefined) this.showEverything();
    else this.#map?.jumpTo(view.camera);
    this.#viewChanged(before);
  }

  received<Name extends LiveEventName>(name: Name, data: LiveEvents[Name]): void {
    const bounds = this.#networkBounds();
    this.#modules.store.update(liveUpdate(this.#state, name, data));
    if (this.#networkBounds() !== bounds) this.#modules.later('fit', FIT_MS, () => this.#followEverything());
    if (name === 'hex') this.#coverageChanged(data as LiveEvents['hex']);
    else if (name === 'epoch') this.#epochClosed(data as LiveEvents['epoch']);
    else if (name === 'round') this.#setClock((data as LiveEvents['round']).serverTimeMs);
    else if (name === 'reset') this.retry();
  }

  select(selection: Selection | undefined, how: 'pushState' | 'replaceState' = 'pushState'): void {
    this.#change({ selection }, how);
    if (selection !== undefined) this.#modules.store.update({ sheetOpen: true });
  }

  visit(selection: Selection, boundary?: Boundary): void {
    this.select(selection);
    const known = selection.kind === 'hotspot' ? this.#state.hotspots.get(selection.id)?.boundary : undefined;
    const place = boundary ?? known;
    if (place !== undefined) this.#map?.flyTo(middle(place));
  }

  showEpoch(epoch: number | undefined): void {
    this.#change({ epoch });
  }

  showList(list: ListName): void {
    this.#change({ list });
    this.#modules.store.update({ sheetOpen: true });
  }

  setTheme(theme: Theme): void {
    this.#change({ theme });
  }

  toggleSheet(): void {
    this.#modules.store.update({ sheetOpen: !this.#state.sheetOpen });
  }

  zoom(direction: 1 | -1): void {
    this.#map?.zoom(direction);
  }

  showEverything(): void {
    this.#map?.fit(this.#networkBounds() ?? WORLD);
  }

  moved(camera: Camera | undefined, bounds: Bounds): void {
    this.#modules.store.update({ bounds });
    this.#change({ camera }, 'replaceState');
    this.#modules.later('hotspots', MOVE_SETTLED_MS, () => void this.#loadHotspots());
  }

  moreVerdicts(): void {
    this.#modules.details.moreVerdicts();
  }

  moreEpochs(): void {
    const { epochs } = this.#state;
    if (epochs.state !== 'ready' || epochs.value.next === undefined) return;
    void this.#modules.api.epochs(epochs.value.next, EPOCHS_PER_PAGE).then(
      (page) => {
        const shown = this.#state.epochs.state === 'ready' ? this.#state.epochs.value.items : [];
        this.#modules.store.update({ epochs: ready({ ...page, items: [...shown, ...page.items] }) });
      },
      () => this.#announce('More epochs could not be fetched.'),
    );
  }

  copy(text: string): void {
    void this.#modules.copyText(text).then(
      () => {
        this.#modules.store.update({ copied: text, announcement: 'Copied.' });
        this.#modules.later('copied', COPIED_MS, () => this.#modules.store.update({ copied: '' }));
      },
      () => this.#announce('The browser did not allow copying.'),
    );
  }

  retry(): void {
    this.begin();
    this.#map?.refreshCoverage();
  }

  #change(
    change: { readonly [Key in keyof ViewState]?: ViewState[Key] | undefined },
    how: 'pushState' | 'replaceState' = 'pushState',
  ): void {
    const before = this.#state.view;
    const merged = Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined);
    const view = Object.fromEntries(merged) as unknown as ViewState;
    const query = formatView(view);
    this.#modules.store.update({ view });
    if (query !== formatView(before)) this.#modules.history[how](null, '', query === '' ? '.' : query);
    this.#viewChanged(before);
  }

  #viewChanged(before: ViewState): void {
    const { view } = this.#state;
    const otherEpoch = view.epoch !== before.epoch;
    const otherSelection = JSON.stringify(view.selection) !== JSON.stringify(before.selection);
    if (otherEpoch) void this.#loadEpoch();
    if (otherSelection || (otherEpoch && view.selection?.kind === 'hex')) {
      this.#modules.details.load(view.selection, view.epoch);
    }
    if (otherEpoch)
      this.#announce(view.epoch === undefined ? 'Showing live coverage.' : `Showing epoch ${view.epoch}.`);
  }

  #gotNetwork(network: NetworkView): void {
    this.#setClock(network.serverTimeMs);
    this.#modules.store.update({ network: ready(network) });
    this.#followEverything();
  }

  #networkBounds(): Bounds | undefined {
    const { network } = this.#state;
    return network.state === 'ready' ? network.value.bounds : undefined;
  }

  /** Whoever looks at everything goes on doing so when there is more of it. */
  #followEverything(): void {
    if (this.#state.view.camera === undefined) this.showEverything();
  }

  #setClock(serverTimeMs: number): void {
    this.#clockOffsetMs = serverTimeMs - this.#modules.now();
    this.tick();
  }

  async #loadHotspots(): Promise<void> {
    const bounds = this.#state.bounds ?? WORLD;
    this.#hotspotsAbort.abort();
    this.#hotspotsAbort = new AbortController();
    try {
      const page = await this.#modules.api.hotspots(bounds, HOTSPOTS_PER_VIEW, this.#hotspotsAbort.signal);
      const hotspots = new Map(this.#state.hotspots);
      for (const hotspot of page.items) hotspots.set(hotspot.id, hotspot);
      this.#modules.store.update({ hotspots, hotspotsCut: page.next !== undefined });
    } catch {
      // What is known stays; the next move or event asks again.
    }
  }

  async #loadEpoch(): Promise<void> {
    const { epoch } = this.#state.view;
    if (epoch === undefined) {
      this.#modules.store.update({ epoch: undefined });
      return;
    }
    this.#modules.store.update({ epoch: LOADING });
    const loaded = await this.#modules.api.epoch(epoch).then(ready, failed);
    if (this.#state.view.epoch === epoch) this.#modules.store.update({ epoch: loaded });
  }

  #coverageChanged(hex: LiveEvents['hex']): void {
    const { selection, epoch } = this.#state.view;
    if (epoch !== undefined) return;
    this.#flashes.push(hex.boundary);
    this.#refreshCoverageSoon();
    if (selection?.kind === 'hex' && liesIn(hex.cell, selection.cell)) {
      this.#modules.later('hex', HEX_REFRESH_MS, () => this.#modules.details.refreshHex(this.#state.view.epoch));
    }
  }

  #epochClosed({ epoch, total, hotspotsPaid }: LiveEvents['epoch']): void {
    this.#announce(`Epoch ${epoch} has closed: ${formatTokens(total)} tokens to ${counted(hotspotsPaid, 'hotspot')}.`);
    this.#modules.details.refreshRewards();
    this.#refreshCoverageSoon();
  }

  #refreshCoverageSoon(): void {
    this.#modules.later('coverage', COVERAGE_REFRESH_MS, () => {
      this.#map?.refreshCoverage();
      this.#map?.flash(this.#flashes);
      this.#flashes = [];
    });
  }

  #announce(announcement: string): void {
    this.#modules.store.update({ announcement });
  }
}
