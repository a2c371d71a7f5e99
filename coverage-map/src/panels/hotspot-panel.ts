import {
  COVERAGE_RESOLUTION,
  type HotspotRewardView,
  type HotspotView,
  type RewardLineView,
} from '@sextant/oracle/api';
import { repeat } from 'lit/directives/repeat.js';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { cellResolution } from '../layers/hex-id.ts';
import type { Actions } from '../state/actions.ts';
import type { AppState, HotspotDetail } from '../state/app-state.ts';
import { counted, formatCount, formatMetres, formatTokens } from '../words/quantities.ts';
import { REWARD_CLASS_WORDS } from '../words/subjects.ts';
import { formatAge } from '../words/times.ts';
import { hexagonIcon } from './icons.ts';
import { locationSection } from './location-section.ts';
import { outcomeBar } from './outcome-bar.ts';
import { copyable, figure, whenReady } from './parts.ts';
import { verdictItem } from './verdict-item.ts';

const STATUS_WORDS: Readonly<Record<HotspotView['status'], string>> = {
  active: 'Active',
  silent: 'Silent',
  new: 'Not heard of yet',
};

/** A hotspot: who it is, what it earned, and every verdict on it with its reason. */
export function hotspotPanel(detail: HotspotDetail, state: AppState, actions: Actions): TemplateResult {
  return html`<p class="kicker">Hotspot ${copyable(detail.id, 'hotspot id', state.copied, actions)}</p>
    ${whenReady(detail.hotspot, actions, (hotspot) => content(hotspot, detail, state, actions))}`;
}

function content(hotspot: HotspotView, detail: HotspotDetail, state: AppState, actions: Actions): TemplateResult {
  const { assertion, status, lastReportMs } = hotspot;
  const heard = detail.footprint.state === 'ready' ? formatCount(detail.footprint.value.cells.length) : '…';
  return html`<h2 id="detail-title" tabindex="-1">${hotspot.name}</h2>
    <p class="status">
      ${hexagonIcon(`hotspot-${status}`)}
      <span>
        ${STATUS_WORDS[status]}${lastReportMs === undefined ? '' : html`, last report ${formatAge(lastReportMs, state.nowMs)}`}
      </span>
    </p>
    <dl class="figure-grid">
      ${figure('Paid since genesis', html`${formatTokens(hotspot.paid)} <small>tokens</small>`)}
      ${figure('Hexes it hears', heard)} ${figure('Antenna', `${formatMetres(assertion.antennaAglM)} above ground`)}
      ${figure('Region plan', assertion.regionPlan)}
    </dl>
    <p class="people">
      ${cellResolution(hotspot.cell) === COVERAGE_RESOLUTION ? hexLink(hotspot, actions) : nothing}
      <button class="chip" @click=${() => actions.select({ kind: 'owner', address: hotspot.owner })}>Rewards of its owner</button>
    </p>
    ${
      hotspot.held === '0'
        ? nothing
        : html`<p class="muted">${formatTokens(hotspot.held)} tokens are held until its location is confirmed.</p>`
    }
    ${detail.location === undefined ? nothing : html`<h3>Is it where it says?</h3>${whenReady(detail.location, actions, locationSection)}`}
    <h3>Verdicts</h3>
    ${outcomeBar('Beacons', hotspot.beacons)} ${outcomeBar('Witness reports', hotspot.witnessReports)}
    ${whenReady(detail.verdicts, actions, (page) => verdicts(page, detail.id, state, actions))}
    <h3>Rewards</h3>
    ${whenReady(detail.rewards, actions, ({ items }) => rewards(items))}`;
}

/** On the map a hotspot lies over its own hexagon; from here one gets to what is heard there. */
const hexLink = ({ cell, boundary }: HotspotView, actions: Actions): TemplateResult =>
  html`<button class="chip" @click=${() => actions.visit({ kind: 'hex', cell }, boundary)}>Coverage of its hexagon</button>`;

function verdicts(
  { items, next }: { readonly items: AppState['verdicts']; readonly next?: string },
  about: string,
  { nowMs }: AppState,
  actions: Actions,
): TemplateResult {
  if (items.length === 0) return html`<p class="muted">No verdicts yet.</p>`;
  return html`<ul class="verdicts">
      ${repeat(
        items,
        ({ reportId }) => reportId,
        (verdict) => verdictItem({ verdict, nowMs, about }, actions),
      )}
    </ul>
    ${
      next === undefined
        ? nothing
        : html`<button class="more" @click=${() => actions.moreVerdicts()}>Earlier verdicts</button>`
    }`;
}

function rewards(items: readonly HotspotRewardView[]): TemplateResult {
  if (items.length === 0) return html`<p class="muted">No epoch has closed yet.</p>`;
  const largest = items.reduce((most, { paid, held }) => Math.max(most, Number(paid) + Number(held)), 0);
  return html`<ul class="rewards">
    ${items.map((reward) => rewardRow(reward, largest))}
  </ul>`;
}

function rewardRow({ epoch, paid, held, released, lines }: HotspotRewardView, largest: number): TemplateResult {
  const share = largest === 0 ? 0 : ((Number(paid) + Number(held)) / largest) * 100;
  return html`<li>
    <details>
      <summary>
        <span class="reward-epoch">Epoch ${formatCount(epoch)}</span>
        <svg class="reward-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
          <rect width=${share.toFixed(1)} height="6" />
        </svg>
        <span class="reward-amount">${formatTokens(paid)}${held === '0' ? nothing : html` <small>+ ${formatTokens(held)} held</small>`}</span>
      </summary>
      ${released ? html`<p>${formatTokens(released.amount)} of it held by earlier epochs until the place was proven.</p>` : nothing}
      ${lines.length === 0 ? html`<p class="muted">Nothing was earned in this epoch.</p>` : html`<ul>${lines.map(rewardLine)}</ul>`}
    </details>
  </li>`;
}

/** Where a part of the reward comes from. */
function rewardLine({ rewardClass, amount, shares, count, densityScale, held }: RewardLineView): TemplateResult {
  const scale = densityScale === 10_000 ? '' : `, density scale ${(densityScale / 10_000).toFixed(2)}`;
  return html`<li>
    <span>${formatTokens(amount)} for ${REWARD_CLASS_WORDS[rewardClass]}${held ? ' (held)' : ''}</span>
    <span class="muted">${counted(count, 'contribution')}, ${formatCount(Number(shares))} shares${scale}</span>
  </li>`;
}
