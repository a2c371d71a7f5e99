import { html, type TemplateResult } from 'lit/html.js';
import { hexLayers } from '../layers/hex-layers.ts';
import { type LegendClass, legendClasses } from '../layers/legend.ts';
import { type AppState, themeOf } from '../state/app-state.ts';
import { hexagonIcon } from './icons.ts';

/** What the colours mean: read from the very layers the map draws. */
export function legend(state: AppState): TemplateResult {
  const layers = hexLayers({ theme: themeOf(state), source: 'legend', strength: 1 });
  const classes = legendClasses({ layers });
  return html`<section class="legend card" aria-label="Legend">
    <p class="legend-title">Best signal <span class="muted">dBm</span></p>
    <ol class="ramp">
      ${classes.map(
        (entry, index) =>
          html`<li class="signal-${index}"><span class="hidden">${range(entry)}</span><span aria-hidden="true">${edge(entry)}</span></li>`,
      )}
    </ol>
    <ul class="legend-marks">
      <li><span class="hatch"></span>Surveyed, not covered</li>
      <li>${hexagonIcon('hotspot-active')}Hotspot</li>
    </ul>
  </section>`;
}

/** The lower edge of a class, as written under its left end. */
const edge = ({ fromDdbm }: LegendClass): string => (fromDdbm === undefined ? '' : `−${Math.abs(fromDdbm) / 10}`);

function range({ fromDdbm, toDdbm }: LegendClass): string {
  if (fromDdbm === undefined) return `under ${(toDdbm ?? 0) / 10} dBm`;
  return toDdbm === undefined ? `${fromDdbm / 10} dBm and more` : `${fromDdbm / 10} to ${toDdbm / 10} dBm`;
}
