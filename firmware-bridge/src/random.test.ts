import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSeededRandom, createSystemRandom } from './random.ts';

describe.each([
  ['system', createSystemRandom()],
  ['seeded', createSeededRandom('test')],
])('the %s source', (_name, source) => {
  it('stays below its bound and gives as many bytes as asked', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 48 }), fc.nat(200), (bound, count) => {
        const drawn = source.below(bound);
        expect(Number.isInteger(drawn) && drawn >= 0 && drawn < bound).toBe(true);
        expect(source.bytes(count)).toHaveLength(count);
      }),
    );
    for (const bound of [0, -1, 1.5, 2 ** 49, Number.NaN]) expect(() => source.below(bound)).toThrow(RangeError);
  });

  it('reaches every small number about equally often', () => {
    const counts = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < 6_000; i++) {
      const drawn = source.below(counts.length);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    // 1,000 each, standard deviation 29.
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(200);
  });
});

it('a seeded source repeats itself, and its forks do not depend on what was drawn', () => {
  const [a, b] = [createSeededRandom('x'), createSeededRandom('x')];
  expect(a.bytes(100)).toEqual(b.bytes(100));
  a.below(10);
  expect(a.fork('k').bytes(8)).toEqual(b.fork('k').bytes(8));
  expect(a.fork('k').bytes(8)).not.toEqual(a.fork('l').bytes(8));
});
