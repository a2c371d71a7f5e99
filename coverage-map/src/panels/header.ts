import type { NetworkView } from '@sextant/oracle/api';
import { html, type TemplateResult } from 'lit/html.js';
import type { Actions } from '../state/actions.ts';
import { type AppState, themeOf } from '../state/app-state.ts';
import { formatCount } from '../words/quantities.ts';
import { formatCountdown } from '../words/times.ts';
import { hexagonIcon, moonIcon, sunIcon, walletIcon } from './icons.ts';
import { whenReady } from './parts.ts';

const CONNECTION_WORDS: Readonly<Record<AppState['connection'], string>> = {
  connecting: 'Connecting',
  live: 'Live',
  interrupted: 'Reconnecting',
};

export function header(state: AppState, actions: Actions): TemplateResult {
  const dark = themeOf(state) === 'dark';
  return html`<header class="header card">
    <h1 class="brand">${hexagonIcon('mark')}<span>Sextant</span></h1>
    ${whenReady(state.network, actions, (network) => figures(network, state.nowMs))}
    <p class="connection connection-${state.connection}"><span>${CONNECTION_WORDS[state.connection]}</span></p>
    <button class="round-button" aria-label="Rewards" @click=${() => actions.select({ kind: 'owner' })}>${walletIcon()}</button>
    <button
      class="round-button"
      aria-label=${dark ? 'Switch to light colours' : 'Switch to dark colours'}
      @click=${() => actions.setTheme(dark ? 'light' : 'dark')}
    >
      ${dark ? sunIcon() : moonIcon()}
    </button>
  </header>`;
}

function figures(network: NetworkView, nowMs: number): TemplateResult {
  const { genesisMs, epochMs } = network.timing;
  const endsInMs = genesisMs + (network.epoch + 1) * epochMs - nowMs;
  const { index, state } = network.round;
  return html`<dl class="figures">
    ${stat('Round', formatCount(index), state === 'void' ? 'void' : '')}
    ${stat(`Epoch ${formatCount(network.epoch)} ends in`, formatCountdown(endsInMs), '')}
    ${stat('Hotspots', formatCount(network.hotspots), `${formatCount(network.hotspotsActive)} active`)}
    ${stat('Hexes covered', formatCount(network.hexes.covered), '')}
  </dl>`;
}

const stat = (name: string, value: string, note: string): TemplateResult =>
  html`<div class="stat"><dt>${name}</dt><dd>${value}${note === '' ? '' : html` <small>${note}</small>`}</dd></div>`;
