import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

const RATE = { perMinute: 120, burst: 240 };

it('allows a burst and then the mean rate, to the token', () => {
  const bucket = new TokenBucket(RATE, 0);
  for (let i = 0; i < 240; i++) expect(bucket.take(0)).toBe(true);
  expect(bucket.take(0)).toBe(false);
  expect(bucket.waitMs(0)).toBe(500);
  expect(bucket.take(499)).toBe(false);
  expect(bucket.take(500)).toBe(true);
  expect(bucket.take(500)).toBe(false);
});

it('never allows more than burst + elapsed rate, whatever the clock does', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5_000, max: 20_000 }), { maxLength: 600 }), (steps) => {
      const bucket = new TokenBucket(RATE, 0);
      let nowMs = 0;
      let forwardMs = 0;
      let taken = 0;
      for (const step of steps) {
        nowMs += step;
        forwardMs += Math.max(0, step);
        if (bucket.take(nowMs)) taken += 1;
      }
      expect(taken).toBeLessThanOrEqual(RATE.burst + (forwardMs * RATE.perMinute) / 60_000 + 1e-6);
    }),
  );
});

it('remembers a debt of at most one burst', () => {
  const bucket = new TokenBucket(RATE, 0);
  bucket.charge(1_000_000, 0);
  expect(bucket.waitMs(0)).toBe(241 * 500);
  expect(bucket.take(241 * 500)).toBe(true);
});
