import type { StyleSpecification } from 'maplibre-gl';
import { HEX_FILL } from './hex-layers.ts';

export interface LegendClass {
  readonly colour: string;
  /** Inclusive, tenths of dBm; absent = open. */
  readonly fromDdbm?: number;
  /** Exclusive. */
  readonly toDdbm?: number;
}

/**
 * The signal classes exactly as a style paints them, weakest first.
 * @throws TypeError when the style has no signal layer of the expected form
 */
export function legendClasses(style: Pick<StyleSpecification, 'layers'>): LegendClass[] {
  const layer = style.layers.find(({ id }) => id.startsWith(`${HEX_FILL}@`));
  const expression: unknown = layer?.type === 'fill' ? layer.paint?.['fill-color'] : undefined;
  if (!Array.isArray(expression) || expression[0] !== 'step') throw new TypeError('The style has no signal classes');
  const [, , weakest, ...rest] = expression as unknown[];
  const colours = [weakest, ...rest.filter((_, index) => index % 2 === 1)].map(String);
  const steps = rest.filter((_, index) => index % 2 === 0).map(Number);
  return colours.map((colour, index) => {
    const from = steps[index - 1];
    const to = steps[index];
    return {
      colour,
      ...(from === undefined ? {} : { fromDdbm: from }),
      ...(to === undefined ? {} : { toDdbm: to }),
    };
  });
}
