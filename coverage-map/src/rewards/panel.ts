import { html, nothing, type TemplateResult } from 'lit/html.js';
import { copyable, figure, whenReady } from '../panels/parts.ts';
import type { Actions } from '../state/actions.ts';
import type { AppState } from '../state/app-state.ts';
import type { RewardsState } from '../state/rewards-state.ts';
import { formatTokens } from '../words/quantities.ts';
import { accountSection } from './account-section.ts';
import { reasonsSection } from './reasons-section.ts';
import type { Rewards } from './rewards.ts';
import { typedIn } from './typed-in.ts';
import { walletSection } from './wallet-section.ts';

/** An account's rewards: the wallet, what can be claimed, what waits, and by what all of it was earned. */
export function rewardsPanel(state: AppState, rewards: Rewards, actions: Actions): TemplateResult {
  const { rewards: shown } = state;
  if (shown === undefined) return html``;
  const retry = { retry: () => void rewards.refresh() };
  return html`<p class="kicker">Account ${
    shown.address === undefined ? nothing : copyable(shown.address, 'address', state.copied, actions)
  }</p>
    <h2 id="detail-title" tabindex="-1">Rewards</h2>
    ${whenReady(shown.chain, actions, () => nothing)} ${walletSection(shown, rewards)}
    ${shown.notice === '' ? nothing : html`<p class="claim-note ${shown.isTrouble ? 'trouble' : ''}">${shown.notice}</p>`}
    ${
      shown.address === undefined
        ? nothing
        : shown.account === undefined
          ? byWord(shown, retry)
          : whenReady(shown.account, retry, (account) => accountSection(account, state, rewards))
    }
    ${shown.reasons === undefined ? nothing : whenReady(shown.reasons, retry, (reasons) => reasonsSection(reasons, rewards, actions))}
    ${lookUp(actions)}`;
}

/** Without a wallet: what this oracle says, and that it is only that. */
function byWord(
  { owner, chain }: RewardsState,
  retry: { readonly retry: () => void },
): TemplateResult | typeof nothing {
  if (owner === undefined) return nothing;
  return whenReady(owner, retry, ({ earned, epoch }) => {
    if (epoch === undefined) return html`<p class="muted">No epoch has closed yet.</p>`;
    const settles = chain.state === 'ready' && chain.value !== undefined;
    return html`<dl class="figure-grid">
        ${figure('Earned since genesis', html`${formatTokens(earned)} <small>tokens</small>`)}
        ${figure('Up to epoch', epoch)}
      </dl>
      ${settles ? html`<p class="muted">By this oracle’s word. What of it is paid and what can be claimed is on the chain: it takes a wallet to see.</p>` : nothing}`;
  });
}

/** Anybody’s rewards are public. */
function lookUp(actions: Actions): TemplateResult {
  const look = (event: SubmitEvent): void =>
    actions.select({ kind: 'owner', address: typedIn(event, 'address').toLowerCase() });
  return html`<form class="look-up" @submit=${look}>
    <label for="look-up">Look at an address</label>
    <input id="look-up" name="address" required pattern="\\s*0[xX][0-9a-fA-F]{40}\\s*" title="0x and 40 hex digits" placeholder="0x…" autocomplete="off" spellcheck="false" />
    <button class="chip">Look</button>
  </form>`;
}
