import type {
  Boundary,
  EpochListItem,
  LiveEventName,
  LiveEvents,
  NetworkView,
  Page,
  VerdictView,
} from '@sextant/oracle/api';
import { extended } from '../layers/geometry.ts';
import { type AppState, type HotspotDetail, type Loaded, ready } from './app-state.ts';

const MAX_VERDICTS = 60;

/** What an event changes in what is shown; what has to be fetched again is not decided here. */
export function liveUpdate<Name extends LiveEventName>(
  state: AppState,
  name: Name,
  data: LiveEvents[Name],
): Partial<AppState> {
  return UPDATES[name](state, data);
}

const UPDATES: { readonly [Name in LiveEventName]: (state: AppState, data: LiveEvents[Name]) => Partial<AppState> } = {
  hex: (state, { hexes, boundary }) => ({ network: withPlace(withValue(state.network, { hexes }), boundary) }),
  verdict: (state, verdict) => ({
    verdicts: withVerdict(state.verdicts, verdict).slice(0, MAX_VERDICTS),
    ...(isAbout(state.detail, verdict) ? { detail: withVerdictInDetail(state.detail, verdict) } : {}),
  }),
  hotspot: (state, hotspot) => ({
    hotspots: new Map(state.hotspots).set(hotspot.id, hotspot),
    network: withPlace(state.network, hotspot.boundary),
    ...(state.detail?.kind === 'hotspot' && state.detail.id === hotspot.id
      ? { detail: { ...state.detail, hotspot: withValue(state.detail.hotspot, hotspot) } }
      : {}),
  }),
  epoch: (state, epoch) => ({
    epochs: withEpoch(state.epochs, epoch),
    network: withValue(state.network, { latestClosedEpoch: epoch.epoch }),
  }),
  round: (state, { round, epoch, state: roundState, serverTimeMs, hotspots, hotspotsActive }) => ({
    network: withValue(state.network, {
      round: { index: round, state: roundState },
      epoch,
      serverTimeMs,
      hotspots,
      hotspotsActive,
    }),
  }),
  reset: () => ({}),
};

function withValue<Value>(loaded: Loaded<Value>, change: Partial<Value>): Loaded<Value> {
  return loaded.state === 'ready' ? ready({ ...loaded.value, ...change }) : loaded;
}

function withPlace(network: Loaded<NetworkView>, boundary: Boundary): Loaded<NetworkView> {
  if (network.state !== 'ready') return network;
  const bounds = extended(network.value.bounds, boundary);
  return bounds === network.value.bounds ? network : withValue(network, bounds === undefined ? {} : { bounds });
}

/** The new verdict first; it takes the place of an earlier one on the same report. */
function withVerdict(verdicts: readonly VerdictView[], verdict: VerdictView): VerdictView[] {
  return [verdict, ...verdicts.filter(({ reportId }) => reportId !== verdict.reportId)];
}

function isAbout(detail: AppState['detail'], { reporter, sender }: VerdictView): detail is HotspotDetail {
  return detail?.kind === 'hotspot' && (detail.id === reporter.id || detail.id === sender?.id);
}

function withVerdictInDetail(detail: HotspotDetail, verdict: VerdictView): HotspotDetail {
  if (detail.verdicts.state !== 'ready') return detail;
  const items = withVerdict(detail.verdicts.value.items, verdict);
  return { ...detail, verdicts: ready({ ...detail.verdicts.value, items }) };
}

function withEpoch(epochs: Loaded<Page<EpochListItem>>, epoch: EpochListItem): Loaded<Page<EpochListItem>> {
  if (epochs.state !== 'ready') return epochs;
  const others = epochs.value.items.filter((item) => item.epoch !== epoch.epoch);
  return ready({ ...epochs.value, items: [epoch, ...others].sort((a, b) => b.epoch - a.epoch) });
}
