import { repeat } from 'lit/directives/repeat.js';
import { html, type TemplateResult } from 'lit/html.js';
import type { Actions } from '../state/actions.ts';
import type { AppState } from '../state/app-state.ts';
import { verdictItem } from './verdict-item.ts';

/** Verdicts as they are given. */
export function liveList({ verdicts, nowMs, connection }: AppState, actions: Actions): TemplateResult {
  if (verdicts.length === 0) {
    const why =
      connection === 'interrupted'
        ? 'The connection is lost; it is tried again and again.'
        : 'The next verdicts come when the beacons of a round are revealed.';
    return html`<div class="empty"><p><strong>Nothing yet</strong></p><p class="muted">${why}</p></div>`;
  }
  return html`<ul class="verdicts">
    ${repeat(
      verdicts,
      ({ reportId }) => reportId,
      (verdict) => verdictItem({ verdict, nowMs }, actions),
    )}
  </ul>`;
}
