import type { OwnerRewardView } from '@sextant/oracle/api';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Actions } from '../state/actions.ts';
import type { Reasons } from '../state/rewards-state.ts';
import { counted, formatCount, formatTokens } from '../words/quantities.ts';
import { REWARD_CLASS_WORDS } from '../words/subjects.ts';
import { unexplained } from './reward-range.ts';
import type { Rewards } from './rewards.ts';

const TITLES: Readonly<Record<Reasons['of'], string>> = {
  claimable: 'What is claimable, by hotspot',
  waiting: 'What is waiting, by hotspot',
  unclaimed: 'What is not claimed yet, by hotspot',
  earned: 'What was earned, by hotspot',
};

const KIND_WORDS: Readonly<Record<OwnerRewardView['kind'], string>> = {
  hotspot: '',
  survey_device: 'survey device',
  validator: 'validator',
};

/** What made up an amount: by key, by class, over which epochs. */
export function reasonsSection(reasons: Reasons, rewards: Rewards, actions: Actions): TemplateResult {
  const { of, items, from, to, next } = reasons;
  const largest = items.toSorted((a, b) => Number(BigInt(b.paid) - BigInt(a.paid)));
  const rest = next === undefined ? unexplained(reasons) : 0n;
  const epochs = from === to ? `Epoch ${formatCount(from)}` : `Epochs ${formatCount(from)} to ${formatCount(to)}`;
  return html`<h3>${TITLES[of]}</h3>
    <p class="muted small">${epochs}</p>
    <ul class="earners">
      ${largest.map((item) => html`<li>${earner(item, actions)}</li>`)}
      ${rest === 0n ? nothing : html`<li>${other(rest)}</li>`}
    </ul>
    ${next === undefined ? nothing : html`<button class="more" @click=${() => rewards.more(reasons)}>More</button>`}`;
}

function earner({ id, name, kind, paid, held, released, lines }: OwnerRewardView, actions: Actions): TemplateResult {
  const title = html`<span class="row-title">${name} <small>${KIND_WORDS[kind]}</small></span>`;
  return html`<div class="earner">
      ${
        kind === 'hotspot'
          ? html`<button class="link" @click=${() => actions.visit({ kind: 'hotspot', id })}>${title}</button>`
          : title
      }
      <span class="reward-amount">${formatTokens(paid)}</span>
    </div>
    <ul class="why">
      ${lines.map(
        ({ rewardClass, amount, held: isHeld, epochs, count }) =>
          html`<li>
            <span>${formatTokens(amount)} for ${REWARD_CLASS_WORDS[rewardClass]}${isHeld ? ' (held)' : ''}</span>
            <span class="muted">${counted(count, 'contribution')} in ${counted(epochs, 'epoch')}</span>
          </li>`,
      )}
      ${lines.length === 0 ? html`<li class="muted">Nothing in these epochs</li>` : nothing}
      ${released === undefined ? nothing : html`<li><span>${formatTokens(released)} held before, due now</span></li>`}
      ${held === '0' ? nothing : html`<li class="muted">Held until its place is proven</li>`}
    </ul>`;
}

const other = (rest: bigint): TemplateResult =>
  html`<div class="earner"><span class="row-title">Everything else</span><span class="reward-amount">${formatTokens(String(rest))}</span></div>
    <p class="muted small">What keys earned for this account that are another’s now.</p>`;
