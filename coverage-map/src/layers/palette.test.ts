import { describe, expect, it } from 'vitest';
import { MAP_COLOURS, SIGNAL_COLOURS, SIGNAL_STEPS_DDBM, signalClass, THEMES } from './palette.ts';

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/** Machado, Oliveira, Fernandes 2009, table 1, severity 1.0: on linear RGB. */
const DEFICIENCIES: Readonly<Record<'none' | 'protan' | 'deutan' | 'tritan', Matrix>> = {
  none: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** https://bottosson.github.io/posts/oklab */
const TO_LMS: Matrix = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const TO_LAB: Matrix = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
];

const times = (matrix: Matrix, [a, b, c]: Triple): Triple => {
  const row = ([x, y, z]: Triple): number => x * a + y * b + z * c;
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
};
const map = ([a, b, c]: Triple, change: (value: number) => number): Triple => [change(a), change(b), change(c)];

function linear(colour: string): Triple {
  const channel = (at: number): number => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

const seen = (colour: string, by: keyof typeof DEFICIENCIES): Triple => {
  const light = map(times(DEFICIENCIES[by], linear(colour)), (value) => Math.min(1, Math.max(0, value)));
  return times(TO_LAB, map(times(TO_LMS, light), Math.cbrt));
};

function distance(one: string, other: string, by: keyof typeof DEFICIENCIES): number {
  const [a, b] = [seen(one, by), seen(other, by)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

const EYES = Object.keys(DEFICIENCIES) as (keyof typeof DEFICIENCIES)[];

describe.each(THEMES)('%s colours', (theme) => {
  const classes = SIGNAL_COLOURS[theme];

  it.each(EYES)('keep any two signal classes apart for %s eyes', (by) => {
    for (const [index, one] of classes.entries()) {
      for (const other of classes.slice(index + 1)) expect(distance(one, other, by)).toBeGreaterThanOrEqual(0.13);
    }
  });

  it.each(EYES)('keep hotspots and the selection apart from every signal class for %s eyes', (by) => {
    const { hotspot, selection } = MAP_COLOURS[theme];
    for (const colour of classes) {
      expect(distance(hotspot, colour, by)).toBeGreaterThanOrEqual(0.1);
      expect(distance(selection, colour, by)).toBeGreaterThanOrEqual(0.1);
    }
  });

  it('grow steadily lighter or darker with the signal, away from the land', () => {
    const lightness = classes.map((colour) => seen(colour, 'none')[0]);
    const towards = theme === 'dark' ? 1 : -1;
    for (const [index, value] of lightness.slice(1).entries()) {
      expect((value - (lightness[index] ?? 0)) * towards).toBeGreaterThan(0.05);
    }
    const away = lightness.map((value) => Math.abs(value - seen(MAP_COLOURS[theme].land, 'none')[0]));
    expect(away.at(-1)).toBe(Math.max(...away));
  });
});

it('puts a level on the edge into the stronger class', () => {
  expect(SIGNAL_STEPS_DDBM.map((step) => [signalClass(step - 1), signalClass(step)])).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 4],
  ]);
});
