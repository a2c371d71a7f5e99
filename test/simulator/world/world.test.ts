import { describe, expect, it } from 'vitest';
import { CITY_PROPAGATION, createPropagation } from './propagation.ts';
import { createRandom } from './random.ts';
import { receive } from './receiver.ts';
import { createShadowField } from './shadow-field.ts';
import { createDrive } from './streets.ts';

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: readonly number[]): number => {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
};

describe('the radio world', () => {
  it('has the path loss exponent and the shadowing it is asked for', () => {
    const propagation = createPropagation({ ...CITY_PROPAGATION, fadingDb: 0 }, createRandom('law'));
    const losses = (km: number): number[] =>
      Array.from({ length: 400 }, (_, i) =>
        propagation.pathLossDb(
          { name: `a${i}`, place: { eastM: i * 5_000, northM: 0 } },
          { name: `b${i}`, place: { eastM: i * 5_000, northM: km * 1000 } },
        ),
      );
    const near = losses(1);
    expect(mean(losses(10)) - mean(near)).toBeGreaterThan(30);
    expect(mean(losses(10)) - mean(near)).toBeLessThan(34);
    expect(deviation(near)).toBeGreaterThan(9);
    expect(deviation(near)).toBeLessThan(11);
  });

  it('shadows both directions of a link alike, and neighbours alike', () => {
    const propagation = createPropagation({ ...CITY_PROPAGATION, fadingDb: 0 }, createRandom('two-way'));
    const a = { name: 'a', place: { eastM: 0, northM: 0 } };
    const b = { name: 'b', place: { eastM: 2_000, northM: 500 } };
    expect(propagation.pathLossDb(a, b)).toBe(propagation.pathLossDb(b, a));
    const correlationAt = (distanceM: number): number =>
      mean(
        Array.from({ length: 300 }, (_, i) => {
          const field = createShadowField(200, createRandom(`field-${i}`));
          return field({ eastM: 0, northM: 0 }) * field({ eastM: distanceM, northM: 0 });
        }),
      );
    expect(correlationAt(20)).toBeGreaterThan(0.75);
    expect(correlationAt(200)).toBeGreaterThan(0.2);
    expect(correlationAt(200)).toBeLessThan(0.55);
    expect(Math.abs(correlationAt(2_000))).toBeLessThan(0.2);
  });

  it('decodes down to the floor of the spreading factor and no further', () => {
    const random = createRandom('floor');
    const share = (signalDbm: number, sf: number): number =>
      mean(Array.from({ length: 300 }, () => (receive(signalDbm, sf, random) ? 1 : 0)));
    expect(share(-110, 7)).toBeGreaterThan(0.9);
    expect(share(-135, 7)).toBe(0);
    expect(share(-135, 12)).toBeGreaterThan(0.7);
    expect(share(-145, 12)).toBe(0);
  });

  it('keeps its cars on streets, inside the city, and the same with the same seed', () => {
    const drive = createDrive(4_000, 0, createRandom('car'));
    const again = createDrive(4_000, 0, createRandom('car'));
    for (let t = 0; t < 3_600_000; t += 30_000) {
      const { place } = drive(t);
      expect(again(t).place).toEqual(place);
      expect(Math.hypot(place.eastM, place.northM)).toBeLessThan(4_600);
      expect(Math.min(Math.abs(place.eastM % 250), Math.abs(place.northM % 250))).toBeLessThan(1e-6);
    }
  });
});
