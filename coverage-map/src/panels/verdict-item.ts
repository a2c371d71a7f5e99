import type { Check, Outcome, VerdictView } from '@sextant/oracle/api';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Actions } from '../state/actions.ts';
import { checkWords } from '../words/checks.ts';
import { counted, formatDdbm, formatMargin, formatMetres, formatQuantity } from '../words/quantities.ts';
import { REASON_WORDS } from '../words/reasons.ts';
import { OUTCOME_WORDS, SUBJECT_WORDS } from '../words/subjects.ts';
import { formatAge } from '../words/times.ts';
import { outcomeIcon } from './icons.ts';

export interface VerdictItemOptions {
  readonly verdict: VerdictView;
  readonly nowMs: number;
  /** The hotspot whose list this is; its own name is then left out. */
  readonly about?: string;
}

/** One verdict: a line, and behind it the reason with its numbers. */
export function verdictItem({ verdict, nowMs, about }: VerdictItemOptions, actions: Actions): TemplateResult {
  const { outcome, reason } = verdict;
  return html`<li class="verdict">
    <details>
      <summary>
        ${outcomeIcon(outcome)}
        <span class="verdict-main">
          <span class="verdict-title">${title(verdict, about)}</span>
          <span class="verdict-note">${note(verdict)}</span>
        </span>
        <time class="age" datetime=${new Date(verdict.atMs).toISOString()}>${formatAge(verdict.atMs, nowMs)}</time>
      </summary>
      <div class="verdict-body">
        <p>
          <strong class="text-${outcome}">${OUTCOME_WORDS[outcome]}.</strong> ${REASON_WORDS[reason].sentence}
          ${verdict.final ? nothing : html`<span class="muted">Provisional until epoch ${verdict.epoch} closes.</span>`}
        </p>
        ${checksTable(verdict.checks, outcome)} ${people(verdict, about, actions)}
      </div>
    </details>
  </li>`;
}

/** Names are not broken at their hyphens. */
const whole = (name: string): TemplateResult => html`<span class="name">${name}</span>`;

function title({ subject, reporter, sender }: VerdictView, about: string | undefined): TemplateResult {
  if (subject !== 'witness') {
    return about === reporter.id ? html`${SUBJECT_WORDS[subject]} sent` : whole(reporter.name);
  }
  const heard = sender === undefined ? html`something nobody sent` : whole(sender.name);
  if (about === undefined) return html`${whole(reporter.name)} heard ${heard}`;
  return about === reporter.id ? html`Heard ${heard}` : html`Heard by ${whole(reporter.name)}`;
}

function note({ subject, outcome, reason, round, heardBy, espDdbm, distanceM }: VerdictView): string {
  if (outcome !== 'valid') {
    const { title: why } = REASON_WORDS[reason];
    return subject === 'witness' ? why : `${SUBJECT_WORDS[subject]}: ${why.toLowerCase()}`;
  }
  if (subject === 'witness' && espDdbm !== undefined) {
    return [formatDdbm(espDdbm), ...(distanceM === undefined ? [] : [formatMetres(distanceM)])].join(' · ');
  }
  const heard = heardBy === undefined ? '' : ` · heard by ${counted(heardBy.valid, 'hotspot')}`;
  return `${SUBJECT_WORDS[subject]} of round ${round}${heard}`;
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

/** The hotspots it is about, to go to; survey devices have no place. */
function people({ reporter, sender }: VerdictView, about: string | undefined, actions: Actions): TemplateResult {
  const others = [reporter, ...(sender === undefined || sender.id === reporter.id ? [] : [sender])].filter(
    ({ id }) => id !== about && id.startsWith('hs1'),
  );
  return html`<p class="people">
    ${others.map(
      ({ id, name }) =>
        html`<button class="chip" @click=${() => actions.visit({ kind: 'hotspot', id })}>${name}</button>`,
    )}
  </p>`;
}
