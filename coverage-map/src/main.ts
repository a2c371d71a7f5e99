import { render } from 'lit/html.js';
import { ApiClient } from './api/api-client.ts';
import { LiveStream } from './api/live-stream.ts';
import { SIGNAL_COLOURS, type Theme } from './layers/palette.ts';
import { createSceneBuilder } from './map/map-scene.ts';
import { type LaterPanels, page } from './panels/page.ts';
import { App } from './state/app.ts';
import { type AppState, LOADING, themeOf } from './state/app-state.ts';
import { Details } from './state/details.ts';
import { Store } from './state/store.ts';
import { parseView } from './state/view-state.ts';
// The order is the cascade's: what is narrow comes last.
import './styles/base.css';
import './styles/map.css';
import './styles/cards.css';
import './styles/rows.css';
import './styles/place.css';
import './styles/selection.css';
import './styles/controls.css';
import './styles/narrow.css';

const API = '/api/v1';
const TICK_MS = 1000;
const NARROW = '(max-width: 719px)';

const darkQuery = matchMedia('(prefers-color-scheme: dark)');
const systemTheme = (): Theme => (darkQuery.matches ? 'dark' : 'light');

function firstState(): AppState {
  const view = parseView(location.search);
  return {
    view,
    systemTheme: systemTheme(),
    network: LOADING,
    connection: 'connecting',
    nowMs: Date.now(),
    verdicts: [],
    hotspots: new Map(),
    hotspotsCut: false,
    epochs: LOADING,
    sheetOpen: view.selection !== undefined || !matchMedia(NARROW).matches,
    map: 'loading',
    copied: '',
    announcement: '',
  };
}

/** Runs a job after a while, once, however often it is asked for meanwhile. */
function createLater(): (name: string, ms: number, job: () => void) => void {
  const waiting = new Set<string>();
  return (name, ms, job) => {
    if (waiting.has(name)) return;
    waiting.add(name);
    setTimeout(() => {
      waiting.delete(name);
      job();
    }, ms);
  };
}

function getElement(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no element #${id}`);
  return element;
}

/** Panels and legend take the signal colours from where the map takes them. */
function applyTheme(theme: Theme): void {
  const { dataset, style } = document.documentElement;
  if (dataset['theme'] === theme) return;
  dataset['theme'] = theme;
  for (const [index, colour] of SIGNAL_COLOURS[theme].entries()) style.setProperty(`--signal-${index}`, colour);
}

/** Runs a job when the state is such for the first time. */
function onFirst(store: Store<AppState>, is: (state: AppState) => boolean, job: () => Promise<void>): void {
  let done = false;
  const look = (state: AppState): void => {
    if (done || !is(state)) return;
    done = true;
    void job();
  };
  store.subscribe(look);
  look(store.state);
}

/** Draws the page after each change, once a frame, and keeps focus where a keyboard user expects it. */
function keepDrawn(store: Store<AppState>, app: App, api: ApiClient): void {
  const root = getElement('page');
  let asked = false;
  let focusDetail = false;
  let later: LaterPanels = {};
  let before: Element | null = null;
  root.replaceChildren();
  const draw = (): void => {
    asked = false;
    applyTheme(themeOf(store.state));
    render(page(store.state, app, later), root);
    const title = document.getElementById('detail-title');
    if (focusDetail && title !== null) {
      title.focus({ preventScroll: true });
      focusDetail = false;
    }
  };
  store.subscribe((state, last) => {
    const [now, was] = [state.view.selection, last.view.selection];
    if (now !== was && !(now?.kind === 'owner' && was?.kind === 'owner')) {
      if (was === undefined) before = document.activeElement;
      focusDetail = now !== undefined;
      if (now === undefined && before instanceof HTMLElement) before.focus({ preventScroll: true });
    }
    if (asked) return;
    asked = true;
    requestAnimationFrame(draw);
  });
  draw();
  void import('./panels/detail.ts').then(({ detailPanel }) => {
    later = { ...later, detail: detailPanel };
    draw();
  });
  onFirst(
    store,
    ({ view }) => view.selection?.kind === 'owner',
    async () => {
      const { openRewards } = await import('./rewards/open-rewards.ts');
      later = { ...later, rewards: openRewards(store, app, api) };
      draw();
    },
  );
}

/** The map is large: it comes after the page has been painted. */
async function addMap(store: Store<AppState>, app: App): Promise<void> {
  const { createMap } = await import('./map/create-map.ts');
  const scene = createSceneBuilder();
  const map = createMap(getElement('map'), scene(store.state), store, app);
  if (map === undefined) return;
  app.attachMap(map);
  let shown = scene(store.state);
  store.subscribe((state) => {
    const next = scene(state);
    if (next !== shown) map.show(next);
    shown = next;
  });
}

function start(): void {
  const store = new Store(firstState());
  const api = new ApiClient({ base: API }, { fetch: (url, init) => fetch(url, init) });
  const app = new App({
    store,
    api,
    details: new Details({ store, api }),
    now: () => Date.now(),
    history,
    copyText: (text) => navigator.clipboard.writeText(text),
    later: createLater(),
  });
  keepDrawn(store, app, api);
  const live = new LiveStream(
    {
      url: `${API}/live`,
      onEvent: (name, data) => app.received(name, data),
      onConnection: (connection) => app.connected(connection),
    },
    {
      createEventSource: (url) => new EventSource(url),
      setTimeout: (callback, ms) => window.setTimeout(callback, ms),
      clearTimeout: (timer) => window.clearTimeout(timer),
    },
  );
  app.begin();
  live.open();
  void addMap(store, app);
  setInterval(() => app.tick(), TICK_MS);
  addEventListener('popstate', () => app.navigated(location.search));
  darkQuery.addEventListener('change', () => store.update({ systemTheme: systemTheme() }));
}

start();
