import type { VerdictView } from '@sextant/oracle/api';
import { until } from 'lit/directives/until.js';
import { html, type TemplateResult } from 'lit/html.js';
import type { Actions } from '../state/actions.ts';
import { counted, formatDdbm, formatMetres } from '../words/quantities.ts';
import { REASON_TITLES } from '../words/reasons.ts';
import { SUBJECT_WORDS } from '../words/subjects.ts';
import { formatAge } from '../words/times.ts';
import { outcomeIcon } from './icons.ts';

export interface VerdictItemOptions {
  readonly verdict: VerdictView;
  readonly nowMs: number;
  /** The hotspot whose list this is; its own name is then left out. */
  readonly about?: string;
}

/** One verdict: a line, and behind it the reason with its numbers, whose words are fetched after the page is painted. */
export function verdictItem({ verdict, nowMs, about }: VerdictItemOptions, actions: Actions): TemplateResult {
  const { outcome } = verdict;
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
        ${until(import('./verdict-reason.ts').then(({ verdictReason }) => verdictReason(verdict)))}
        ${people(verdict, about, actions)}
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
    const why = REASON_TITLES[reason];
    return subject === 'witness' ? why : `${SUBJECT_WORDS[subject]}: ${why.toLowerCase()}`;
  }
  if (subject === 'witness' && espDdbm !== undefined) {
    return [formatDdbm(espDdbm), ...(distanceM === undefined ? [] : [formatMetres(distanceM)])].join(' · ');
  }
  const heard = heardBy === undefined ? '' : ` · heard by ${counted(heardBy.valid, 'hotspot')}`;
  return `${SUBJECT_WORDS[subject]} of round ${round}${heard}`;
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
