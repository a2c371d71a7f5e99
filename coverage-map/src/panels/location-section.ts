import type { LocationView, PlaceLinkView } from '@sextant/oracle/api';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { groundDistanceM, middle } from '../layers/geometry.ts';
import {
  accusationWords,
  LINK_KIND_WORDS,
  lawWords,
  likeliestWords,
  ownerCan,
  placeAnswer,
  RESIDUAL_WORDS,
  residualText,
  trustWords,
  witnessWords,
} from '../words/locations.ts';
import { formatCount } from '../words/quantities.ts';
import { REASON_SENTENCES } from '../words/reason-sentences.ts';
import { REASON_TITLES } from '../words/reasons.ts';
import { RESIDUAL_CLASSES, residualClass } from '../words/residuals.ts';
import { outcomeIcon } from './icons.ts';
import { checksTable } from './verdict-reason.ts';

/** Whether a hotspot is where it says: the answer, why, what its owner can do, and the links it rests on. */
export function locationSection(location: LocationView): TemplateResult {
  const { outcome, reason, checks, boundary, likeliest, links, accusations, trust } = location;
  const advice = outcome === 'valid' ? undefined : ownerCan(reason);
  const away = likeliest && groundDistanceM(middle(boundary), middle(likeliest.boundary));
  return html`<div class="place">
    <p class="place-answer">
      ${outcomeIcon(outcome)}
      <span><strong>${placeAnswer(location)}</strong>
        ${outcome === 'valid' ? nothing : REASON_SENTENCES[reason]}</span>
    </p>
    ${advice === undefined ? nothing : html`<p><strong>What the owner can do:</strong> ${advice}</p>`}
    ${away === undefined ? nothing : html`<p class="muted">${likeliestWords(away)}</p>`}
    <p class="muted">${witnessWords(location)} Its own word: ${trustWords(trust).toLowerCase()}.</p>
    ${accusations.length === 0 ? nothing : accusationList(location)}
    ${links.length === 0 ? nothing : residuals(location)}
    ${
      checks.length === 0
        ? nothing
        : html`<details class="place-numbers">
            <summary>The numbers behind it, epoch ${formatCount(location.epoch)}</summary>
            ${checksTable(checks, outcome)}
          </details>`
    }
  </div>`;
}

const accusationList = ({ accusations }: LocationView): TemplateResult =>
  html`<ul class="accusations">
    ${accusations.map(
      (accusation) =>
        html`<li><strong>${REASON_TITLES[accusation.code]}:</strong> ${accusationWords(accusation)}.</li>`,
    )}
  </ul>`;

/** The same lines as on the map, heaviest first. */
function residuals(location: LocationView): TemplateResult {
  return html`<ul class="residual-key" aria-label="Colours of the links on the map">
      ${RESIDUAL_CLASSES.map((name) => html`<li>${lineKey(name)}${RESIDUAL_WORDS[name]}</li>`)}
      <li><span class="line-key line-key-region" aria-hidden="true"></span>Where its links say it is (95 %)</li>
    </ul>
    <table class="checks residuals">
      <caption>Strength against what the asserted place lets expect</caption>
      <thead>
        <tr><th scope="col">Link</th><th scope="col">Difference</th><th scope="col">Means</th></tr>
      </thead>
      <tbody>${location.links.map((link) => residualRow(link, location))}</tbody>
    </table>
    <p class="muted">${lawWords(location)}</p>`;
}

const lineKey = (name: string): TemplateResult =>
  html`<span class="line-key line-key-${name}" aria-hidden="true"></span>`;

function residualRow(link: PlaceLinkView, location: LocationView): TemplateResult {
  const name = residualClass(link, location);
  return html`<tr>
    <th scope="row"><span class="name">${link.other.name}</span> <span class="muted">${LINK_KIND_WORDS[link.kind]}</span></th>
    <td>${residualText(link)}</td>
    <td>${lineKey(name)}${RESIDUAL_WORDS[name]}</td>
  </tr>`;
}
