import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boundedTime } from './bounded-time.ts';

const DAY = 86_400_000;
const time = fc.integer({ min: 0, max: 2 ** 45 });

test('a time near the log’s own stays as it is; any other ends within a month of it', () => {
  fc.assert(
    fc.property(time, time, (atMs, logMs) => {
      const bounded = boundedTime(atMs, logMs);
      expect(bounded - logMs).toBeGreaterThanOrEqual(-31 * DAY);
      expect(bounded - logMs).toBeLessThan(2 * DAY);
      if (Math.abs(atMs - logMs) <= DAY) expect(bounded).toBe(atMs);
      expect(boundedTime(bounded, logMs)).toBe(bounded);
    }),
  );
});

test('hostile times of one day of the log fall into at most 32 days', () => {
  fc.assert(
    fc.property(fc.array(time, { minLength: 50, maxLength: 200 }), (times) => {
      const days = new Set(times.map((atMs) => Math.floor(boundedTime(atMs, 20_000 * DAY + 5) / DAY)));
      expect(days.size).toBeLessThanOrEqual(32);
    }),
  );
});
