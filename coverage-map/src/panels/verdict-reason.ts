import type { Check, Outcome, VerdictView } from '@sextant/oracle/api';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { checkWords } from '../words/checks.ts';
import { formatMargin, formatQuantity } from '../words/quantities.ts';
import { REASON_SENTENCES } from '../words/reason-sentences.ts';
import { OUTCOME_WORDS } from '../words/subjects.ts';

/** Why a verdict is what it is, with its numbers. */
export function verdictReason({ outcome, reason, checks, final, epoch }: VerdictView): TemplateResult {
  return html`<p>
          <strong class="text-${outcome}">${OUTCOME_WORDS[outcome]}.</strong> ${REASON_SENTENCES[reason]}
          ${final ? nothing : html`<span class="muted">Provisional until epoch ${epoch} closes.</span>`}
        </p>
        ${checksTable(checks, outcome)}`;
}

/** Observed value, limit and margin of each comparison; below it the checks without numbers. */
export function checksTable(all: readonly Check[], outcome: Outcome): TemplateResult {
  const checks = all.filter(({ observed }) => observed !== undefined);
  // The last check made is the one that refused.
  const passed = outcome === 'valid' ? all : all.slice(0, -1);
  const plain = passed.filter(({ observed }) => observed === undefined).map(({ check }) => checkWords(check));
  return html`${checks.length === 0 ? nothing : numbersTable(checks)}
  ${plain.length === 0 ? nothing : html`<p class="muted plain-checks">Also passed: ${plain.join(', ').toLowerCase()}.</p>`}`;
}

function numbersTable(checks: readonly Check[]): TemplateResult {
  return html`<table class="checks">
    <thead>
      <tr><th scope="col">Check</th><th scope="col">Observed</th><th scope="col">Limit</th><th scope="col">Margin</th></tr>
    </thead>
    <tbody>
      ${checks.map(
        ({
          check,
          observed,
          limit,
          margin,
          unit,
        }) => html`<tr class=${margin !== undefined && margin < 0 ? 'failed' : ''}>
          <th scope="row">${checkWords(check)}</th>
          <td>${observed === undefined ? '–' : formatQuantity(observed, unit)}</td>
          <td>${limit === undefined ? '–' : formatQuantity(limit, unit)}</td>
          <td>${margin === undefined ? '–' : formatMargin(margin, unit)}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}
