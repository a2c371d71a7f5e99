import type { EpochListItem, EpochView, Page, RewardClass } from '@sextant/oracle/api';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Actions } from '../state/actions.ts';
import type { AppState } from '../state/app-state.ts';
import { counted, formatCount, formatTokens } from '../words/quantities.ts';
import { REASON_TITLES } from '../words/reasons.ts';
import { REWARD_CLASS_WORDS } from '../words/subjects.ts';
import { formatUtc } from '../words/times.ts';
import { outcomeBar } from './outcome-bar.ts';
import { copyable, figure, whenReady } from './parts.ts';

/** Closed epochs, newest first; choosing one shows its coverage on the map. */
export function epochList(state: AppState, actions: Actions): TemplateResult {
  return html`<ul class="epochs">
    <li>${liveRow(state, actions)}</li>
    ${whenReady(state.epochs, actions, (page) => rows(page, state, actions))}
  </ul>`;
}

function liveRow({ view, network }: AppState, actions: Actions): TemplateResult {
  const running =
    network.state === 'ready' ? `Epoch ${formatCount(network.value.epoch)}, running` : 'The running epoch';
  return html`<button
    class="row"
    aria-current=${view.epoch === undefined ? 'true' : nothing}
    @click=${() => actions.showEpoch(undefined)}
  >
    <span class="live-dot"></span>
    <span class="row-main"><span class="row-title">Live</span><span class="row-note">${running}</span></span>
  </button>`;
}

function rows({ items, next }: Page<EpochListItem>, state: AppState, actions: Actions): TemplateResult {
  if (items.length === 0) return html`<li class="empty"><p class="muted">No epoch has closed yet.</p></li>`;
  return html`${items.map((item) => epochRow(item, state, actions))}
  ${
    next === undefined
      ? nothing
      : html`<li><button class="more" @click=${() => actions.moreEpochs()}>Earlier epochs</button></li>`
  }`;
}

function epochRow(item: EpochListItem, state: AppState, actions: Actions): TemplateResult {
  const { epoch, endMs, total, hexes, hotspotsPaid, roots } = item;
  const shown = state.view.epoch === epoch;
  return html`<li class=${shown ? 'shown' : ''}>
    <button class="row" aria-current=${shown ? 'true' : nothing} @click=${() => actions.showEpoch(epoch)}>
      <span class="row-main">
        <span class="row-title">Epoch ${formatCount(epoch)} <small>${formatUtc(endMs)}</small></span>
        <span class="row-note">${counted(hexes.covered, 'hex', 'hexes')} · ${formatCount(hotspotsPaid)} paid · <code>${roots.rewards.slice(0, 8)}</code></span>
      </span>
      <span class="row-value">${formatTokens(total)}<small>tokens</small></span>
    </button>
    ${
      shown && state.epoch !== undefined
        ? html`<div class="epoch-detail">
          ${whenReady(state.epoch, actions, (view) => epochDetail(view, state, actions))}
        </div>`
        : nothing
    }
  </li>`;
}

function epochDetail(epoch: EpochView, { copied }: AppState, actions: Actions): TemplateResult {
  const refusals = Object.entries(epoch.byReason).sort(([, a], [, b]) => b - a);
  const classes = Object.entries(epoch.byClass) as [RewardClass, string][];
  return html`${outcomeBar('Verdicts', epoch.outcomes)}
    <dl class="figure-grid">
      ${classes.map(([rewardClass, amount]) => figure(`For ${REWARD_CLASS_WORDS[rewardClass]}`, formatTokens(amount)))}
      ${figure('Nobody earned', formatTokens(epoch.unminted))} ${figure('Rule set', formatCount(epoch.ruleSet))}
    </dl>
    ${
      refusals.length === 0
        ? nothing
        : html`<h3>Why reports did not count</h3>
          <ul class="tally">
            ${refusals.map(
              ([reason, count]) =>
                html`<li><span>${REASON_TITLES[reason as keyof typeof REASON_TITLES]}</span><span>${formatCount(count)}</span></li>`,
            )}
          </ul>`
    }
    <h3>Roots</h3>
    <ul class="tally">
      ${Object.entries(epoch.roots).map(
        ([name, root]) => html`<li><span>${name}</span>${copyable(root, `${name} root`, copied, actions)}</li>`,
      )}
      <li><span>summary</span>${copyable(epoch.summaryHash, 'summary hash', copied, actions)}</li>
    </ul>
    ${
      epoch.voidRounds.length === 0
        ? nothing
        : html`<p class="muted">Void rounds: ${epoch.voidRounds.map(formatCount).join(', ')}.</p>`
    }`;
}
