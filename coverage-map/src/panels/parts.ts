import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Actions } from '../state/actions.ts';
import type { Loaded } from '../state/app-state.ts';
import { copyIcon } from './icons.ts';

/** The value once it is there; before, grey bars in its place, or what went wrong and a way to try again. */
export function whenReady<Value>(
  loaded: Loaded<Value>,
  actions: Pick<Actions, 'retry'>,
  show: (value: Value) => TemplateResult | typeof nothing,
): TemplateResult | typeof nothing {
  if (loaded.state === 'ready') return show(loaded.value);
  if (loaded.state === 'loading')
    return html`<div class="skeleton" role="status"><span class="hidden">Loading</span></div>`;
  return html`<p class="problem">
    ${loaded.message}. <button class="link" @click=${() => actions.retry()}>Try again</button>
  </p>`;
}

/** A long name cut in its middle, whole for copying and for screen readers. */
export function copyable(text: string, label: string, copied: string, actions: Pick<Actions, 'copy'>): TemplateResult {
  const done = copied === text;
  return html`<button class="copyable" aria-label="Copy ${label} ${text}" @click=${() => actions.copy(text)}>
    <code>${shortened(text)}</code>${done ? html`<span class="copied">copied</span>` : copyIcon()}
  </button>`;
}

/** `hs1qqpzr…8f3k` */
const shortened = (text: string): string => (text.length <= 18 ? text : `${text.slice(0, 10)}…${text.slice(-5)}`);

/** A number under its name. */
export const figure = (name: string, value: unknown): TemplateResult =>
  html`<div class="figure"><dt>${name}</dt><dd>${value}</dd></div>`;
