import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tempered, weighByHearing } from './link-weights.ts';

const numbers = { linksAtMost: 8, rareAtMost: 2 };
const link = fc.record({ count: fc.integer({ min: 1, max: 60 }), weight: fc.integer({ min: 0, max: 10_000 }) });
const total = (links: readonly { readonly weight: number }[]): number =>
  links.reduce((sum, one) => sum + one.weight, 0);

describe('weights of links', () => {
  it('are what they were where all are heard as often, and never more than what eight weigh', () => {
    const four = Array.from({ length: 4 }, () => ({ count: 7, weight: 10_000 }));
    expect(weighByHearing(four, numbers)).toEqual(four);
    const thirty = Array.from({ length: 30 }, () => ({ count: 7, weight: 10_000 }));
    expect(total(weighByHearing(thirty, numbers))).toBeLessThanOrEqual(80_000);
    expect(total(tempered(thirty, numbers))).toBeLessThanOrEqual(80_000);
    expect(total(tempered(thirty, numbers))).toBeGreaterThan(79_000);
  });

  it('fall with the square of how rarely a link is heard', () => {
    const links = [
      { count: 40, weight: 10_000 },
      { count: 20, weight: 10_000 },
      { count: 1, weight: 10_000 },
    ];
    // (1 + 1/4 + 1/1600) of 10,000 remain, and twice that is less than the 30,000 before.
    expect(weighByHearing(links, numbers).map(({ weight }) => weight)).toEqual([20_000, 5_000, 12]);
  });

  it('add up to no more than before, and no link gains more than the factor', () => {
    fc.assert(
      fc.property(fc.array(link, { maxLength: 40 }), (links) => {
        const weighed = weighByHearing(links, numbers);
        expect(total(weighed)).toBeLessThanOrEqual(total(links));
        weighed.forEach(({ weight, count }, i) => {
          expect(count).toBe(links[i]?.count);
          expect(weight).toBeLessThanOrEqual(2 * (links[i]?.weight ?? 0));
        });
      }),
    );
  });
});
