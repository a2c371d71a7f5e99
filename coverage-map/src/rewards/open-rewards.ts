import type { TemplateResult } from 'lit/html.js';
import type { ApiClient } from '../api/api-client.ts';
import type { Actions } from '../state/actions.ts';
import type { AppState } from '../state/app-state.ts';
import type { Store } from '../state/store.ts';
import type { OwnerSelection } from '../state/view-state.ts';
import '../styles/rewards.css';
import { OwnerApi } from './owner-api.ts';
import { rewardsPanel } from './panel.ts';
import { NO_REWARDS, Rewards } from './rewards.ts';

/** How long after an epoch has closed the chain is looked at again: settlement takes its time. */
const AFTER_EPOCH_MS = 3_000;

/** A button that did its work and is gone leaves a keyboard user at the panel's heading, not at the top of the page. */
function keepFocus(): void {
  const { activeElement } = document;
  if (activeElement === null || activeElement === document.body) document.getElementById('detail-title')?.focus();
}

/** Starts what is behind the rewards panel, and gives its template. */
export function openRewards(
  store: Store<AppState>,
  actions: Actions,
  api: ApiClient,
): (state: AppState) => TemplateResult {
  store.update({ rewards: NO_REWARDS });
  const selected = ({ view }: AppState): OwnerSelection | undefined =>
    view.selection?.kind === 'owner' ? view.selection : undefined;
  const rewards = new Rewards({
    api: new OwnerApi(api),
    page: window as unknown as EventTarget & { readonly ethereum?: unknown },
    mirror: location.origin,
    fetch: (url, init) => fetch(url, init),
    setTimeout: (job, ms) => window.setTimeout(job, ms),
    clearTimeout: (timer) => window.clearTimeout(timer),
    show: (change) => store.update({ rewards: { ...(store.state.rewards ?? NO_REWARDS), ...change } }),
    announce: (announcement) => store.update({ announcement }),
    keepClaim: (claim) => {
      const selection = selected(store.state);
      if (selection !== undefined) actions.select({ ...selection, claim }, 'replaceState');
    },
  });
  rewards.select(selected(store.state));
  store.subscribe((state, before) => {
    if (state.view.selection !== before.view.selection) rewards.select(selected(state));
    if (state.epochs !== before.epochs && selected(state) !== undefined) {
      window.setTimeout(() => void rewards.refresh(), AFTER_EPOCH_MS);
    }
  });
  store.subscribe((state, before) => {
    if (state.rewards !== before.rewards && selected(state) !== undefined) requestAnimationFrame(keepFocus);
  });
  return (state) => rewardsPanel(state, rewards, actions);
}
