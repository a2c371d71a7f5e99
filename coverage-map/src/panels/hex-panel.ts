import { COVERAGE_RESOLUTION, type HexView, type HexWitness } from '@sextant/oracle/api';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { signalClass } from '../layers/palette.ts';
import type { Actions } from '../state/actions.ts';
import type { AppState, HexDetail } from '../state/app-state.ts';
import { counted, formatCount, formatDdb, formatDdbm, formatMetres } from '../words/quantities.ts';
import { HEX_STATE_WORDS } from '../words/subjects.ts';
import { formatAge } from '../words/times.ts';
import { copyable, figure, whenReady } from './parts.ts';

/** Who hears this hexagon, how well, and how long ago. */
export function hexPanel(detail: HexDetail, state: AppState, actions: Actions): TemplateResult {
  return html`<p class="kicker">Hexagon ${copyable(detail.cell, 'cell', state.copied, actions)}</p>
    ${whenReady(detail.hex, actions, (hex) => content(hex, state, actions))}`;
}

function content(hex: HexView, state: AppState, actions: Actions): TemplateResult {
  const { nowMs } = state;
  return html`<h2 id="detail-title" tabindex="-1">${HEX_STATE_WORDS[hex.state]}</h2>
    ${hex.bestEspDdbm === undefined ? nothing : signal(hex.bestEspDdbm)} ${explanation(hex)}
    <dl class="figure-grid">
      ${figure('Heard by', counted(hex.witnesses, 'hotspot'))} ${figure('Valid links', formatCount(hex.links))}
      ${figure('Survey transmissions', formatCount(hex.surveyTransmissions))}
      ${figure('Last heard', hex.lastSeenMs === undefined ? '–' : formatAge(hex.lastSeenMs, nowMs))}
    </dl>
    ${hex.heardBy.length === 0 ? nothing : witnesses(hex, nowMs, actions)}`;
}

function signal(espDdbm: number): TemplateResult {
  return html`<p class="signal">
    <span class="swatch signal-${signalClass(espDdbm)}"></span><strong>${formatDdbm(espDdbm)}</strong>
    <span class="muted">best signal, as from a 14 dBm transmitter</span>
  </p>`;
}

function explanation({ state, resolution, cells }: HexView): TemplateResult | typeof nothing {
  if (resolution < COVERAGE_RESOLUTION) {
    const silent =
      cells.surveyedNotCovered === 0 ? '' : `, ${formatCount(cells.surveyedNotCovered)} surveyed without success`;
    return html`<p class="muted">Sums up ${counted(cells.covered, 'covered hexagon')}${silent}. Zoom in to see them.</p>`;
  }
  if (state === 'surveyed_not_covered') {
    return html`<p class="muted">Survey devices transmitted from here, and no hotspot that was online heard them.</p>`;
  }
  if (state === 'unknown') return html`<p class="muted">Nobody has transmitted from here yet.</p>`;
  return nothing;
}

function witnesses(hex: HexView, nowMs: number, actions: Actions): TemplateResult {
  return html`<h3>Heard by</h3>
    <ul class="rows">
      ${hex.heardBy.map((witness) => html`<li>${witnessRow(witness, nowMs, actions)}</li>`)}
    </ul>
    ${
      hex.heardBy.length < hex.witnesses
        ? html`<p class="muted">and ${formatCount(hex.witnesses - hex.heardBy.length)} more</p>`
        : nothing
    }`;
}

function witnessRow(witness: HexWitness, nowMs: number, actions: Actions): TemplateResult {
  const { id, name, bestEspDdbm, bestSnrDdb, distanceM, links, lastSeenMs, boundary } = witness;
  return html`<button class="row" @click=${() => actions.visit({ kind: 'hotspot', id }, boundary)}>
    <span class="swatch signal-${signalClass(bestEspDdbm)}"></span>
    <span class="row-main">
      <span class="row-title">${name}</span>
      <span class="row-note">${formatMetres(distanceM)} away · ${counted(links, 'link')} · ${formatAge(lastSeenMs, nowMs)}</span>
    </span>
    <span class="row-value">${formatDdbm(bestEspDdbm)}<small>SNR ${formatDdb(bestSnrDdb)}</small></span>
  </button>`;
}
