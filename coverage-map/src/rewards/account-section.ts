import type { AddressText } from '@sextant/oracle/api';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { figure } from '../panels/parts.ts';
import type { AppState } from '../state/app-state.ts';
import type { ChainAccount, ClaimState, RewardsState } from '../state/rewards-state.ts';
import { claimWords, MIRROR_FAULT_WORDS } from '../words/claims.ts';
import { formatCount, formatTokens } from '../words/quantities.ts';
import { formatUtc } from '../words/times.ts';
import { waitingOf } from './reward-range.ts';
import type { Rewards } from './rewards.ts';
import { typedIn } from './typed-in.ts';

const tokens = (amount: bigint): TemplateResult => html`${formatTokens(String(amount))} <small>tokens</small>`;

/** What the chain says: claimable, paid, waiting; the claim and where it is. */
export function accountSection(account: ChainAccount, state: AppState, rewards: Rewards): TemplateResult {
  const shown = state.rewards as RewardsState;
  const { claimable, claimed, balance, provenEpoch, unknown } = account;
  return html`<p class="claimable">
      <span class="muted">Claimable now</span><strong>${unknown ? 'Not known' : tokens(claimable)}</strong>
      ${provenEpoch === undefined ? nothing : html`<small>proven up to epoch ${formatCount(provenEpoch)} by the root on the chain</small>`}
    </p>
    ${claimButton(claimable, shown, rewards)} ${claimNote(shown.claim)} ${faults(account, shown, rewards)}
    <dl class="figure-grid">${figure('Paid so far', tokens(claimed))} ${figure('Balance', tokens(balance))}</dl>
    ${unknown ? nothing : waiting(account, state)}`;
}

function claimButton(claimable: bigint, { claim, wallet, address, chain }: RewardsState, rewards: Rewards) {
  if (claimable === 0n || wallet.kind !== 'connected') return nothing;
  const isBusy = claim.kind === 'confirming' || claim.kind === 'sent';
  const contract = chain.state === 'ready' ? chain.value?.contracts.distributor : undefined;
  return html`<button class="chip primary wide" ?disabled=${isBusy} @click=${() => rewards.claim()}>
      Claim ${formatTokens(String(claimable))} tokens
    </button>
    <p class="muted small">
      Sends <code>claim</code> to contract <code class="whole">${contract}</code> on chain ${wallet.chainId}; it takes no money but the
      fee.${address === wallet.account ? nothing : html` The tokens go to <code class="whole">${address}</code>, whoever sends it.`}
    </p>`;
}

function claimNote(claim: ClaimState): TemplateResult | typeof nothing {
  if (claim.kind === 'idle') return nothing;
  const hash = 'hash' in claim ? html` <code class="whole">0x${claim.hash}</code>` : nothing;
  return html`<p class="claim-note ${claim.kind === 'failed' ? 'trouble' : ''}">${claimWords(claim)}${hash}</p>`;
}

/** What mirrors did wrong, and the way round them: a proof is as good from anywhere. */
function faults({ faults: found, unknown }: ChainAccount, { address, account }: RewardsState, rewards: Rewards) {
  if (found.length === 0) return nothing;
  const epoch = account?.state === 'ready' ? account.value.nextEpoch - 1 : 0;
  return html`<div class="claim-note trouble">
    ${found.map(({ mirror, fault }) => html`<p>${new URL(mirror).host} ${MIRROR_FAULT_WORDS[fault]}: not used.</p>`)}
    ${unknown ? html`<p>So nobody knows yet what can be claimed. Any other mirror will do:</p>` : nothing}
    ${pasteForm(address, epoch, rewards)}
  </div>`;
}

function pasteForm(address: AddressText | undefined, epoch: number, rewards: Rewards): TemplateResult {
  const use = (event: SubmitEvent): void => rewards.useProof(typedIn(event, 'proof'));
  return html`<form class="look-up" @submit=${use}>
    <label for="proof">Paste what a mirror answers at <code class="whole">/api/v1/epochs/${epoch}/owners/${address}</code></label>
    <textarea id="proof" name="proof" rows="2" maxlength="65536" required spellcheck="false"></textarea>
    <button class="chip">Check this proof</button>
  </form>`;
}

/** What was earned and cannot be claimed yet, and until when. */
function waiting(account: ChainAccount, { rewards, nowMs }: AppState): TemplateResult | typeof nothing {
  if (rewards?.owner?.state !== 'ready') return nothing;
  const { posted, later, isSplit } = waitingOf(rewards.owner.value.earned, account);
  const { vetoEndsMs, nextEpoch } = account;
  if (posted === 0n && later === 0n && vetoEndsMs === undefined) return nothing;
  const name = `epoch ${formatCount(nextEpoch)}`;
  const when =
    (vetoEndsMs ?? 0) > nowMs
      ? `can be vetoed until ${formatUtc(vetoEndsMs ?? 0)}, then it becomes claimable`
      : 'nobody vetoed it; it becomes claimable with the next transaction of a validator';
  return html`<h3>Waiting</h3>
    <ul class="tally waiting">
      ${
        vetoEndsMs === undefined
          ? nothing
          : html`<li><span>Posted ${name}: ${when}</span>${isSplit ? html`<strong>${tokens(posted)}</strong>` : nothing}</li>`
      }
      ${
        later === 0n
          ? nothing
          : html`<li><span>${isSplit || vetoEndsMs === undefined ? 'Closed, not posted on the chain yet' : 'In all, not claimable yet'}</span><strong>${tokens(later)}</strong></li>`
      }
    </ul>`;
}
