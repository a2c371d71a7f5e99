import type { Outcome } from '@sextant/oracle/api';
import { html, type SVGTemplateResult, svg, type TemplateResult } from 'lit/html.js';

const icon = (content: SVGTemplateResult): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">${content}</svg>`;

/** Shape and not only colour tells an outcome. */
const OUTCOME_SHAPES: Readonly<Record<Outcome, SVGTemplateResult>> = {
  valid: svg`<path d="M5 10.5l3.4 3.4L15 7" />`,
  invalid: svg`<path d="M6 6l8 8M14 6l-8 8" />`,
  insufficient: svg`<path d="M5.5 10h9" />`,
};

export const outcomeIcon = (outcome: Outcome): TemplateResult =>
  html`<span class="outcome outcome-${outcome}">${icon(OUTCOME_SHAPES[outcome])}</span>`;

export const closeIcon = (): TemplateResult => icon(svg`<path d="M5 5l10 10M15 5L5 15" />`);
export const plusIcon = (): TemplateResult => icon(svg`<path d="M10 4v12M4 10h12" />`);
export const minusIcon = (): TemplateResult => icon(svg`<path d="M4 10h12" />`);
export const copyIcon = (): TemplateResult =>
  icon(svg`<rect x="7" y="7" width="9" height="9" rx="2" /><path d="M4 12V6a2 2 0 012-2h6" />`);
export const chevronIcon = (): TemplateResult => icon(svg`<path d="M5 12.5l5-5 5 5" />`);
export const walletIcon = (): TemplateResult =>
  icon(svg`<rect x="3" y="5" width="14" height="11" rx="2" /><path d="M3 8.5h14M13 12.3h1" />`);
export const everythingIcon = (): TemplateResult => icon(svg`<path d="M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4" />`);
export const sunIcon = (): TemplateResult =>
  icon(
    svg`<circle cx="10" cy="10" r="3.2" /><path d="M10 2.5v1.8M10 15.7v1.8M2.5 10h1.8M15.7 10h1.8M4.7 4.7L6 6M14 14l1.3 1.3M4.7 15.3L6 14M14 6l1.3-1.3" />`,
  );
export const moonIcon = (): TemplateResult => icon(svg`<path d="M15.8 12A6.5 6.5 0 118 4.2a5.2 5.2 0 007.8 7.8z" />`);

/** The hexagon hotspots and the wordmark share. */
export const hexagonIcon = (name: string): TemplateResult =>
  html`<svg class="hexagon ${name}" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
    <path d="M10 2l6.9 4v8L10 18l-6.9-4V6z" />
  </svg>`;
