import { describe, expect, it } from 'vitest';
import { createRandom } from '../../simulator/world/random.ts';
import type { Antenna } from '../worlds/radio.ts';
import { drawAntenna, drawSite, placeOnDisc } from '../worlds/site.ts';
import { LearnedLaw } from './learned-law.ts';

const random = createRandom('a law to learn');
const site = drawSite(random);
const antennas = Array.from({ length: 40 }, (_, index): Antenna => {
  const place = placeOnDisc(12_000, random);
  return { ...drawAntenna(site, { index, place, setting: 'roof' }, random), clutterDb: index % 4 === 0 ? 12 : 0 };
});
const metres = (a: Antenna, b: Antenna): number =>
  Math.hypot(a.place.eastM - b.place.eastM, a.place.northM - b.place.northM);
const lossDb = (a: Antenna, b: Antenna): number =>
  125 + 27 * Math.log10(metres(a, b) / 1_000) + a.clutterDb + b.clutterDb;
/** Shadows of 6 dB, the same of each pair whenever it is asked. */
const pathLoss = {
  between: (a: Antenna, b: Antenna): number => {
    const pair = createRandom(`${Math.min(a.index, b.index)}/${Math.max(a.index, b.index)}`);
    return lossDb(a, b) + 6 * pair.normal();
  },
  extend: () => pathLoss,
};

describe('a law that is learned', () => {
  const learned = new LearnedLaw(antennas, pathLoss);

  it('is that of the world, with the walls of everybody', () => {
    const [subject] = antennas as [Antenna];
    const { expected, others } = learned.around(subject);
    expect(others).toHaveLength(antennas.length - 1);
    const errors = others.map((other) => expected(other, subject).medianDb - lossDb(other, subject));
    const mean = errors.reduce((sum, one) => sum + one, 0) / errors.length;
    // What all walls have in common may as well be the law's.
    expect(Math.abs(mean)).toBeLessThan(3);
    expect(Math.sqrt(errors.reduce((sum, one) => sum + (one - mean) ** 2, 0) / errors.length)).toBeLessThan(2);
    expect(Math.abs(expected(others[0] as Antenna, subject).sigmaDb - 6)).toBeLessThan(1);
  });

  it('counts no pair that is too near for a link to count', () => {
    const [first, ...others] = antennas as [Antenna, ...Antenna[]];
    const twins = others.map((one) => ({
      ...one,
      index: one.index + 100,
      place: { ...one.place, eastM: one.place.eastM + 300 },
    }));
    const isTwins = (a: Antenna, b: Antenna): boolean => Math.abs(a.index - b.index) === 100;
    const sigmaOf = (nearDb: number): number => {
      const between = (a: Antenna, b: Antenna): number => (isTwins(a, b) ? nearDb : pathLoss.between(a, b));
      const { expected } = new LearnedLaw([...antennas, ...twins], { ...pathLoss, between }).around(first);
      return expected(others[0] as Antenna, first).sigmaDb;
    };
    expect(sigmaOf(10)).toBe(sigmaOf(90));
  });
});
