import type { Outcome, OutcomeCounts } from '@sextant/oracle/api';
import { html, type SVGTemplateResult, svg, type TemplateResult } from 'lit/html.js';
import { formatCount } from '../words/quantities.ts';

const WORDS: readonly (readonly [Outcome, string])[] = [
  ['valid', 'valid'],
  ['insufficient', 'unproven'],
  ['invalid', 'invalid'],
];

/** Outcomes as numbers, and as shares of one bar. */
export function outcomeBar(name: string, counts: OutcomeCounts): TemplateResult {
  const total = counts.valid + counts.invalid + counts.insufficient;
  const numbers = WORDS.filter(([outcome]) => counts[outcome] > 0).map(
    ([outcome, words]) => `${formatCount(counts[outcome])} ${words}`,
  );
  return html`<div class="outcome-bar">
    <p><span>${name}</span> <span class="muted">${total === 0 ? 'none yet' : numbers.join(' · ')}</span></p>
    <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">${segments(counts, total)}</svg>
  </div>`;
}

function segments(counts: OutcomeCounts, total: number): SVGTemplateResult[] {
  let x = 0;
  return WORDS.map(([outcome]) => {
    const width = total === 0 ? 0 : (counts[outcome] / total) * 100;
    const segment = svg`<rect class="fill-${outcome}" x=${x.toFixed(2)} width=${width.toFixed(2)} height="4" />`;
    x += width;
    return segment;
  });
}
