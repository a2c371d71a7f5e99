import type { ChainView } from '@sextant/oracle/api';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { RewardsState, WalletChoice } from '../state/rewards-state.ts';
import type { Rewards } from './rewards.ts';

/** The wallet: which to choose, which is connected, and whether it is on the network's chain. */
export function walletSection(
  { chain, wallet, wallets }: RewardsState,
  rewards: Rewards,
): TemplateResult | typeof nothing {
  if (chain.state !== 'ready') return nothing;
  if (chain.value === undefined) {
    return html`<p class="claim-note">This network settles on no chain, so nothing can be claimed. What was earned is kept all the same.</p>`;
  }
  if (wallet.kind === 'asking') return html`<p class="claim-note">Answer in ${wallet.name}.</p>`;
  if (wallet.kind === 'none') return choices(wallets, rewards);
  return html`<p class="wallet">
      <span><strong>${wallet.name}</strong> <small>${wallet.account.slice(0, 6)}…${wallet.account.slice(-4)}</small></span>
      <button class="link" @click=${() => rewards.disconnect()}>Disconnect</button>
    </p>
    ${wallet.chainId === chain.value.chainId ? nothing : wrongChain(wallet.chainId, chain.value, rewards)}`;
}

function choices(wallets: readonly WalletChoice[], rewards: Rewards): TemplateResult {
  if (wallets.length === 0) {
    return html`<p class="claim-note">
      This browser has no wallet. To claim, install one as a browser extension and load this page again; claims can also be made
      with <code>sextant-claim</code>. To see what an account earned, enter its address.
    </p>`;
  }
  return html`<p class="muted small">A wallet shows what can be claimed. It is asked for nothing before you connect it.</p>
    <p class="people">
    ${wallets.map(({ rdns, name }) => html`<button class="chip primary" @click=${() => rewards.connect(rdns)}>Connect ${name}</button>`)}
  </p>`;
}

const wrongChain = (actual: number, { chainId }: ChainView, rewards: Rewards): TemplateResult =>
  html`<div class="claim-note trouble">
    <p>The wallet is on chain ${actual}; this network pays on chain ${chainId}. Nothing is read or sent until it is there.</p>
    <button class="chip primary" @click=${() => rewards.switchChain()}>Switch to chain ${chainId}</button>
  </div>`;
